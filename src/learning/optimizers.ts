import { finite, positive, within } from '../core/checks';
import { InputError } from '../core/errors';
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
  /** Rate x curvature below which it is stable on a quadratic; absent where there is no such bound. */
  readonly stableBelow?: number;
  /** The same optimiser at another rate, for those that have one: what advice tries. */
  withRate?(rate: number): Optimizer;
}

type Description = Pick<Optimizer, 'name' | 'rule' | 'buffers' | 'stableBelow' | 'withRate'>;

function constant(description: Description, settings: Record<string, number>): Optimizer {
  const scalars: Scalars = Object.freeze({ ...settings });
  return { ...description, settings, scalarsAt: () => scalars };
}

/** Gradient descent: value <- value - rate gradient. Stable on a quadratic while rate x its largest curvature is below 2. */
export function sgd({ rate }: { rate: number }): Optimizer {
  const withRate = (other: number) => sgd({ rate: other });
  return constant(
    { name: 'sgd', rule: sgdRule, buffers: [], stableBelow: 2, withRate },
    { rate: positive('rate', rate) },
  );
}

/** Heavy-ball momentum; `momentum` in [0, 1). Stable on a quadratic while rate x its largest curvature is below 2 + 2 momentum. */
export function heavyBall({ rate, momentum = 0.9 }: { rate: number; momentum?: number }): Optimizer {
  const settings = { rate: positive('rate', rate), decay: belowOne('momentum', momentum) };
  const withRate = (other: number) => heavyBall({ rate: other, momentum });
  const stableBelow = 2 + 2 * momentum;
  return constant(
    { name: 'momentum', rule: momentumRule, buffers: ['momentum'], stableBelow, withRate },
    settings,
  );
}

/**
 * Nesterov's momentum; `momentum` in [0, 1). Stable on a quadratic while rate x its largest curvature is below
 * (2 + 2 momentum) / (1 + 2 momentum): 1.36 for 0.9.
 */
export function nesterov({ rate, momentum = 0.9 }: { rate: number; momentum?: number }): Optimizer {
  const settings = { rate: positive('rate', rate), decay: belowOne('momentum', momentum) };
  const withRate = (other: number) => nesterov({ rate: other, momentum });
  const stableBelow = (2 + 2 * momentum) / (1 + 2 * momentum);
  return constant(
    { name: 'nesterov', rule: nesterovRule, buffers: ['momentum'], stableBelow, withRate },
    settings,
  );
}

export interface AdamOptions {
  readonly rate: number;
  /** Decay of the mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
}

/** Adam (Kingma and Ba 2015), with PyTorch's defaults but for the rate. */
export function adam({ rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions): Optimizer {
  const firstDecay = belowOne('beta1', beta1);
  const secondDecay = belowOne('beta2', beta2);
  const settings = {
    ...{ rate: positive('rate', rate), firstDecay, secondDecay },
    epsilon: positive('epsilon', epsilon),
  };
  return {
    name: 'adam',
    rule: adamRule,
    buffers: ['firstMoment', 'secondMoment'],
    settings,
    withRate: (other) => adam({ rate: other, beta1, beta2, epsilon }),
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
  };
}

function belowOne(name: string, value: number): number {
  within(name, finite(name, value), 0, 1);
  if (value === 1)
    throw new InputError({ what: `${name} must be below 1`, got: value, legal: `0 <= ${name} < 1` });
  return value;
}
