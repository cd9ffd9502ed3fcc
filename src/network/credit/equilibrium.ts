import { z } from 'zod';
import { madeBy } from '../../core/origin';
import { validate } from '../../core/validate';
import type { Rule } from '../../synapse/rule';
import { equilibriumCreditRule } from '../../synapse/rules/credit';
import type { Credit, Surrogate } from './credit';
import { creditRule } from './credit-rule';

export interface EquilibriumCredit extends Credit {
  readonly kind: 'equilibrium';
  readonly nudge: number;
  readonly sweeps: number;
  readonly dt: number | null;
  readonly order: 'top-down' | 'synchronous';
}

/**
 * How far a layer of neurons moves, over 1 / (curvature of its energy), where it has a step of its own: layers that move one after the other may go beyond their
 * minimum, by less than as far again, and come to rest sooner (over-relaxation); all at once, they may not.
 */
export const relaxationOf = ({ order }: Pick<EquilibriumCredit, 'order'>): number =>
  order === 'top-down' ? 1.5 : 1;

/** Settings of equilibrium propagation. */
export interface EquilibriumOptions {
  /** b, the weight of the cost in the neurons' energy E + b C; above 0. Default 0.01: its gradient is off by as much, times some tens. */
  readonly nudge?: number;
  /** Times that each neuron moves, for each sample. Default 40. */
  readonly sweeps?: number;
  /**
   * How far a neuron moves along its force in a sweep. dt (1 + ||W||^2) must be below 2, with the spectral norm of each layer of weights but the first. Default
   * null: each layer has its own, 1 / (1 + ||W||^2) with the weights that leave it, or 1.5 times as much where layers move one after the other.
   */
  readonly dt?: number | null;
  /** Whether layers move one after the other, from the outputs down, each by what those above have become; or all at once. Default `top-down`. */
  readonly order?: 'top-down' | 'synchronous';
  /** What a synapse makes of its neurons' activity (`preNudged`, `errorNudged`, `pre`, `post`). Default: the gradient of E. */
  readonly rule?: Rule;
}

/** The settings, as a schema. */
export const equilibriumOptions = z.strictObject({
  nudge: z.number().positive().default(0.01),
  sweeps: z.int().min(1).default(40),
  dt: z.number().positive().nullable().default(null),
  order: z.enum(['top-down', 'synchronous']).default('top-down'),
  rule: creditRule,
});

/**
 * Equilibrium propagation (Scellier and Bengio 2017) on the energy E = 1/2 sum_l ||s_l - W_l rho(s_(l-1)) - b_l||^2, with s_0 the input and the output
 * nudged by b C. Neurons relax, ds_l = -(e_l - rho'(s_l) W_(l+1)^T e_(l+1)), with e_l = s_l - W_l rho(s_(l-1)) - b_l, from the forward pass on, where E = 0.
 * Once they have settled, a synapse's -e_i rho(s_j) / b is its entry of the exact gradient of L_b = min_s (E + b C) / b.
 * @throws InputError where an option is not legal.
 */
export function equilibriumPropagation(options: EquilibriumOptions = {}): EquilibriumCredit {
  const { rule = equilibriumCreditRule, ...given } = validate(
    equilibriumOptions,
    options,
    'the options of equilibriumPropagation',
  );
  return madeBy('src/network/credit/equilibrium', 'equilibriumPropagation', [options], {
    kind: 'equilibrium',
    ...given,
    rule,
    activities: { pre: ['pre', 'preNudged'], post: ['post', 'postNudged', 'errorNudged'] },
    numbers: { nudge: given.nudge },
    settles: true,
    // By another rule it is the gradient of who knows what.
    ...(rule === equilibriumCreditRule && { surrogate: surrogateOf(given) }),
  });
}

function surrogateOf({ nudge, sweeps }: Pick<EquilibriumCredit, 'nudge' | 'sweeps'>): Surrogate {
  return {
    order: 1,
    nudge,
    sweeps,
    settled: (b, more) => equilibriumPropagation({ nudge: b, sweeps: more }),
  };
}
