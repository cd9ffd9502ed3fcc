import type { Task } from '../../tasks/task';
import type { TrustProblem } from './trust-problem';

/** What advice may change of a judged problem. Both kinds of phases have settings of their own; `strength` is that of the penalty. */
const ruleSettings = [
  ...['estimator', 'beta', 'strength', 'metaRate'],
  ...['free.rate', 'free.momentum', 'free.steps', 'free.tolerance'],
  ...['nudged.rate', 'nudged.momentum', 'nudged.steps', 'nudged.tolerance'],
] as const;

export type RuleSetting = (typeof ruleSettings)[number];

/** New values of some settings; `engine` is the engine's name, and `credit` the words for a source of it. */
export type Change = Readonly<Partial<Record<RuleSetting | 'engine' | 'credit', number | string>>>;

/** A problem with a change made. */
export interface ChangedProblem {
  /** What to type for it: `--set nudged.steps=4000`. */
  readonly words: string;
  readonly problem: TrustProblem;
}

/**
 * Where a judged problem's settings stand and how they change it: what lets advice be tried before it is given, in the words of those
 * who are to follow it. The values may be other than the rule's (a rate in other units, say): what counts is that `change` gives the
 * problem that a run with those settings would have.
 */
export interface Adjustable {
  /** The problem as it is. */
  readonly problem: TrustProblem;
  /** The present value of each setting that there is. */
  readonly present: Change;
  /** Null where the settings do not allow it. */
  change(change: Change): ChangedProblem | null;
  /** The problem at other slow variables. */
  at(slow: TrustProblem['slow']): TrustProblem;
  /** The problem where meta-learning began; null where that is not known, or nothing has been learned since. */
  readonly begin: TrustProblem | null;
  /** Other tasks, on which a change that is good on the judged one is tried before it is given. Default: none. */
  readonly others?: readonly Task[];
}
