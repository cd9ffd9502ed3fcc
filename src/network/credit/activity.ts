import { z } from 'zod';
import { madeBy } from '../../core/origin';
import { distinctNames, validate } from '../../core/validate';
import type { Activities } from '../../kernel/activities';
import type { Rule } from '../../synapse/rule';
import type { Credit } from './credit';
import { creditRule } from './credit-rule';

export interface ActivityCredit extends Credit {
  readonly kind: 'activity';
  readonly rule: Rule;
  readonly buffers: readonly string[];
}

/** Settings of learning from activity alone. */
export interface ActivityOptions {
  /**
   * What a synapse does with one sample. It may read `pre`, `post` and `error` at [this.thread.x], its own variables and `buffers`, and the numbers `weight`,
   * `reward` and those of `numbers`. What it takes off `gradient` is what the inner optimiser adds to phi, times its rate: -weight pre post is Hebb's.
   */
  readonly rule: Rule;
  /** What the rule keeps for each synapse from sample to sample. Default: nothing. */
  readonly buffers?: readonly string[];
  /** Numbers that the rule reads, by name. Default: none. */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** What a synapse sees of its two neurons. */
export const seenByActivity: Activities = { pre: ['pre'], post: ['post', 'error'] };

const activityOptions = z.strictObject({
  rule: creditRule.unwrap(),
  buffers: distinctNames.default([]),
  numbers: z.record(z.string().min(1), z.number()).default({}),
});

/**
 * Learning by a rule of one's own from the feed-forward activity: nothing comes back through the network. Each synapse sees `pre`, the rate of its presynaptic
 * neuron (for a bias: 1); `post`, the rate of its postsynaptic one (of an output, its state); `error`, -dC/ds of its postsynaptic neuron where that is an
 * output, in any other layer 0, with C the network's loss on the sample; and `reward`, -C, the same for all synapses.
 *
 * ```ts
 * const hebb = defineRule('Hebb', {
 *   gradient: function hebb(gradient: number[], pre: number[], post: number[], weight: number) {
 *     return gradient[this.thread.x]! - weight * pre[this.thread.x]! * post[this.thread.x]!;
 *   },
 * });
 * mlp([3, 1], { synapse: complexSynapse, credit: activityRule({ rule: hebb }) });
 * ```
 * @throws InputError where an option is not legal. Whether the rule fits is checked when an engine opens a network.
 */
export function activityRule(options: ActivityOptions): ActivityCredit {
  const { rule, buffers, numbers } = validate(activityOptions, options, 'the options of activityRule');
  return madeBy('src/network/credit/activity', 'activityRule', [options], {
    kind: 'activity',
    rule,
    activities: seenByActivity,
    numbers,
    modulators: ['reward'],
    buffers,
    settles: false,
  });
}
