import { z } from 'zod';
import { madeBy } from '../../core/origin';
import { validate } from '../../core/validate';
import type { Rule } from '../../synapse/rule';
import { dualCreditRule } from '../../synapse/rules/credit';
import type { Credit } from './credit';
import { creditRule } from './credit-rule';

export interface DualCredit extends Credit {
  readonly kind: 'dual';
  readonly nudge: number;
  readonly sweeps: number;
}

/** Settings of dyadic neurons. */
export interface DualOptions {
  /** b, how far apart the cost draws the two states of an output; above 0. Default 0.1. */
  readonly nudge?: number;
  /** Times that each neuron is computed anew, for each sample. Default 2. */
  readonly sweeps?: number;
  /** What a synapse makes of its neurons' activity (`prePlus`, `preMinus`, `postPlus`, `postMinus`, `pre`, `post`). Default: as below. */
  readonly rule?: Rule;
}

/** The settings, as a schema. */
export const dualOptions = z.strictObject({
  nudge: z.number().positive().default(0.1),
  sweeps: z.int().min(1).default(2),
  rule: creditRule,
});

/**
 * Dual propagation (Hoier, Staudt and Zach 2023): dyadic neurons, s_l(+-) = f(W_l sbar_(l-1) +- 1/2 W_(l+1)^T (s+ - s-)_(l+1)), sbar = (s+ + s-)/2, from the
 * outputs down, from the forward pass on. An output is s(+-) = argmin 1/2 (s - a)^2 +- b/2 C(s): for squared error on one output, (a +- b t)/(1 +- b).
 * A synapse's gradient is -(1/b) (s_i+ - s_i-) sbar_j.
 * @throws InputError where an option is not legal.
 */
export function dualPropagation(options: DualOptions = {}): DualCredit {
  const { rule = dualCreditRule, ...given } = validate(
    dualOptions,
    options,
    'the options of dualPropagation',
  );
  return madeBy('src/network/credit/dual', 'dualPropagation', [options], {
    kind: 'dual',
    ...given,
    rule,
    activities: { pre: ['pre', 'prePlus', 'preMinus'], post: ['post', 'postPlus', 'postMinus'] },
    numbers: { nudge: given.nudge },
    settles: true,
  });
}
