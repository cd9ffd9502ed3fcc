import { UnstableNeuronsError } from '../../core/errors';
import type { Work } from '../../engine/counted-session';
import type { ChangedProblem } from './adjustable';
import { totalError } from './estimate-error';
import { gatherEvidence } from './gather-evidence';
import { BudgetSpent, LimitedEngine } from './limited-engine';
import { judgeTrust, type Trust } from './trust';
import { withOwnCredit } from './trust-problem';
import type { Verdict } from './verdict';

/** A change that was tried. */
export interface Trial {
  /** What to type for it. */
  readonly words: string;
  /** Null where its gradients were spent before there was one. */
  readonly verdict: Verdict | null;
  /** Whether a phase left every bound. */
  readonly diverged: boolean;
  /** All parts of the error together, relative to the gradient's norm; null where there is no equilibrium, no gradient, or no verdict. */
  readonly error: number | null;
  /** The loss of the training data at the end of the free phase; null where there was none. */
  readonly trainLoss: number | null;
  readonly work: Work;
  /** On how many tasks it was good, of those that it was tried on; absent where it was tried on the judged one alone. */
  readonly goodOn?: number;
  readonly tasks?: number;
}

/** Judges a changed problem, by so many gradients at the most. */
export async function tryChange(
  { words, problem }: ChangedProblem,
  gradients: number,
): Promise<{ readonly trial: Trial; readonly trust: Trust | null }> {
  const own = withOwnCredit(problem);
  const engine = new LimitedEngine(own.engine, gradients);
  const none = { verdict: null, diverged: false, error: null, trainLoss: null };
  try {
    const trust = judgeTrust(await gatherEvidence({ ...own, engine }));
    const { diverged, loss } = trust.evidence;
    const found = {
      verdict: trust.verdict,
      diverged: diverged !== null,
      error: errorOf(trust),
      trainLoss: loss?.train ?? null,
    };
    return { trial: { words, ...found, work: engine.work }, trust };
  } catch (error) {
    if (error instanceof UnstableNeuronsError) {
      const unstable = { ...none, verdict: 'no equilibrium', diverged: true } as const;
      return { trial: { words, ...unstable, work: engine.work }, trust: null };
    }
    if (!(error instanceof BudgetSpent)) throw error;
    return { trial: { words, ...none, work: engine.work }, trust: null };
  }
}

/** All parts of the error together; null where there is no equilibrium, or no gradient. */
export function errorOf({ error }: Pick<Trust, 'error'>): number | null {
  return error && totalError(error);
}
