import { z } from 'zod';
import { madeBy } from '../core/origin';
import { hasFields, made, validate } from '../core/validate';
import type { InnerStep } from '../engine/engine';
import type { Scalars } from '../synapse/rule-executor';
import { adamRule } from '../synapse/rules/adam';
import { momentumRule, nesterovRule } from '../synapse/rules/nesterov';
import { sgdRule } from '../synapse/rules/sgd';

/**
 * An optimiser as a value: a local rule on `value` and `gradient`, the per-synapse buffers that it keeps, and
 * its scalars at step t = 1, 2, ... The same optimisers move phi inside a task and omega and lambda between tasks.
 */
export interface Optimizer extends InnerStep {
  readonly name: string;
  /** What it was made with, for the run's record. */
  readonly settings: Readonly<Record<string, number>>;
  /** What buffers begin with, by name, one value a synapse. Default: 0. */
  readonly first?: Readonly<Record<string, Float64Array>>;
  /** Rate x curvature below which it is stable on a quadratic; absent where there is no such bound. */
  readonly stableBelow?: number;
  /** The same optimiser at another rate, for those that have one: what advice tries. */
  withRate?(rate: number): Optimizer;
}

/** Optimisers, of the library's or of a user's own. */
export const optimizerSchema = made<Optimizer>(
  'an optimiser, such as sgd({ rate: 0.1 })',
  (value) =>
    hasFields(value, {
      name: 'string',
      rule: 'object',
      buffers: 'object',
      settings: 'object',
      scalarsAt: 'function',
    }) &&
    Array.isArray((value as Optimizer).rule?.steps) &&
    Array.isArray((value as Optimizer).buffers),
);

const rate = z.number().positive();
const decay = z.number().min(0).lt(1);
const sgdOptions = z.strictObject({ rate });
const momentumOptions = z.strictObject({ rate, momentum: decay.default(0.9) });
const adamOptions = z.strictObject({
  rate,
  beta1: decay.default(0.9),
  beta2: decay.default(0.999),
  epsilon: z.number().positive().default(1e-8),
});

type Description = Pick<Optimizer, 'name' | 'rule' | 'buffers' | 'stableBelow' | 'withRate'>;

function constant(description: Description, settings: Record<string, number>): Optimizer {
  const scalars: Scalars = Object.freeze({ ...settings });
  return { ...description, settings, scalarsAt: () => scalars };
}

/**
 * Gradient descent: value <- value - rate gradient. Stable on a quadratic while rate x its largest curvature is below 2.
 * @throws InputError where the rate is not above 0.
 */
export function sgd(options: { rate: number }): Optimizer {
  const settings = validate(sgdOptions, options, 'the options of sgd');
  const withRate = (other: number) => sgd({ rate: other });
  return madeBy(
    'src/learning/optimizers',
    'sgd',
    [settings],
    constant({ name: 'sgd', rule: sgdRule, buffers: [], stableBelow: 2, withRate }, settings),
  );
}

/**
 * Heavy-ball momentum; `momentum` in [0, 1), default 0.9. Stable on a quadratic while rate x its largest curvature is below
 * 2 + 2 momentum.
 * @throws InputError where an option is out of range.
 */
export function heavyBall(options: { rate: number; momentum?: number }): Optimizer {
  const { rate, momentum } = validate(momentumOptions, options, 'the options of heavyBall');
  const withRate = (other: number) => heavyBall({ rate: other, momentum });
  const stableBelow = 2 + 2 * momentum;
  return madeBy(
    'src/learning/optimizers',
    'heavyBall',
    [{ rate, momentum }],
    constant(
      { name: 'momentum', rule: momentumRule, buffers: ['momentum'], stableBelow, withRate },
      { rate, decay: momentum },
    ),
  );
}

/**
 * Nesterov's momentum; `momentum` in [0, 1), default 0.9. Stable on a quadratic while rate x its largest curvature is below
 * (2 + 2 momentum) / (1 + 2 momentum): 1.36 for 0.9.
 * @throws InputError where an option is out of range.
 */
export function nesterov(options: { rate: number; momentum?: number }): Optimizer {
  const { rate, momentum } = validate(momentumOptions, options, 'the options of nesterov');
  const withRate = (other: number) => nesterov({ rate: other, momentum });
  const stableBelow = (2 + 2 * momentum) / (1 + 2 * momentum);
  return madeBy(
    'src/learning/optimizers',
    'nesterov',
    [{ rate, momentum }],
    constant(
      { name: 'nesterov', rule: nesterovRule, buffers: ['momentum'], stableBelow, withRate },
      { rate, decay: momentum },
    ),
  );
}

/** Settings of Adam (Kingma and Ba 2015). */
export interface AdamOptions {
  readonly rate: number;
  /** Decay of the mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015), with PyTorch's defaults but for the rate.
 * @throws InputError where an option is out of range.
 */
export function adam(options: AdamOptions): Optimizer {
  const { rate, epsilon, ...decays } = validate(adamOptions, options, 'the options of adam');
  const { beta1: firstDecay, beta2: secondDecay } = decays;
  const settings = { rate, firstDecay, secondDecay, epsilon };
  return madeBy('src/learning/optimizers', 'adam', [{ ...options }], {
    name: 'adam',
    rule: adamRule,
    buffers: ['firstMoment', 'secondMoment'],
    settings,
    withRate: (other) => adam({ ...options, rate: other }),
    scalarsAt(step, into) {
      const firstCorrection = 1 / (1 - firstDecay ** step);
      const secondCorrection = 1 / (1 - secondDecay ** step);
      // A literal, whose objects are of one shape: numbers of objects of many shapes are read by way of the heap.
      if (into === undefined) {
        return { rate, firstDecay, secondDecay, epsilon, firstCorrection, secondCorrection };
      }
      const scalars: Record<string, number> = into;
      scalars.firstCorrection = firstCorrection;
      scalars.secondCorrection = secondCorrection;
      return scalars;
    },
  });
}
