import { hasFields, made } from '../../core/validate';
import type { Activities } from '../../kernel/activities';
import type { Rule } from '../../synapse/rule';

/**
 * Where a synapse's gradient comes from, as a description: what neurons do, by its kind, for which engines have the arithmetic; and what a synapse
 * makes of their activity, by a rule. Phases, contrasts and meta-updates do not know which.
 */
export interface Credit {
  /** The word for it: what `--credit` names. */
  readonly kind: string;
  /**
   * What a synapse does with one sample, in the order of the batch: it adds its part to `gradient`, from its own quantities, the activities below, and the
   * numbers `weight` (what the sample counts in the loss) and those of `numbers` and `modulators`. Null where the engine's backward pass gives the gradient.
   */
  readonly rule: Rule | null;
  /** What the rule may read of the synapse's own two neurons. */
  readonly activities: Activities;
  /** Numbers that the rule may read beside `weight`. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Numbers of the sample, the same for all synapses, that the rule may read besides: a third factor such as `reward`. Default: none. */
  readonly modulators?: readonly string[];
  /**
   * What the rule keeps for each synapse from sample to sample, such as a sliding threshold. It starts at 0 wherever the buffers of an optimiser start, and
   * changes with the steps that are taken: to ask for a gradient changes nothing. Default: nothing is kept.
   */
  readonly buffers?: readonly string[];
  /** Whether its neurons settle by sweeps, so that they leave a residual. */
  readonly settles: boolean;
  /** By how many sweeps, for each sample; where they settle. */
  readonly sweeps?: number;
  /** The loss that its gradient is exact of, once neurons have settled. Absent where there is none, so that the field that synapses follow is no gradient. */
  readonly surrogate?: Surrogate;
}

/** A loss L_b with another gradient than the network's, and how to come nearer to either: what errors are measured by. */
export interface Surrogate {
  /** q, where its gradient differs from that of the network's loss by O(b^q). */
  readonly order: number;
  /** b, how strongly the outputs are nudged, and the sweeps that neurons have. */
  readonly nudge: number;
  readonly sweeps: number;
  /** The same source with another b, its neurons left to settle for so many sweeps, in the way that settles best. */
  settled(nudge: number, sweeps: number): Credit;
}

/** Sources of credit, of the library's or of a user's own. */
export const creditSchema = made<Credit>(
  'a source of credit: backprop, or what equilibriumPropagation(), dualPropagation(), feedbackAlignment(), directFeedback() or activityRule() makes',
  (value) =>
    hasFields(value, { kind: 'string', activities: 'object', numbers: 'object', settles: 'boolean' }) &&
    [(value as Credit).modulators, (value as Credit).buffers].every(
      (names) => names === undefined || Array.isArray(names),
    ) &&
    'rule' in (value as object),
);
