import { roundOff } from '../../core/errors';
import type { Adjustable } from './adjustable';
import { type Advice, advise, costsLearning } from './advise';
import { type Descent, measureDescent } from './descent';
import { measure } from './gather-evidence';
import { outcomeOf } from './outcome-in-words';
import type { Trial } from './trial';
import { judgeTrust, type Trust } from './trust';

/** A verdict, and what was tried to mend it. */
export interface Judged extends Trust {
  /** The change whose trial earned a better verdict, as to be typed, and how it did; on a kink, what to write instead; null where none need be made, or none helped. */
  readonly advice: string | null;
  /** Null where none need be made. */
  readonly trials: Advice | null;
  /** Whether it leads down all the same; null where it is good, or there is none. */
  readonly descent: Descent | null;
}

/**
 * Judges a meta-gradient; where it is not good, tries what might mend it (see `advise`).
 * @throws Interruption where the problem's signal is aborted.
 */
export async function judge(adjustable: Adjustable): Promise<Judged> {
  const { evidence, metaGradient } = await measure(adjustable.problem);
  const trust = judgeTrust(evidence);
  if (trust.verdict === 'good') return { ...trust, advice: null, trials: null, descent: null };
  // No change of the rule moves a kink.
  if (evidence.kink !== undefined) return { ...trust, advice: kinkAdvice, trials: null, descent: null };
  const descent = metaGradient && (await measureDescent(adjustable, metaGradient, evidence.loss!.heldOut));
  const trials = await advise(trust, adjustable);
  return { ...trust, advice: trials.best && inWords(trials.best, trust), trials, descent };
}

const kinkAdvice = `${roundOff}: no setting was tried, since none moves a kink`;

/** What to type, and how its trial went. */
function inWords(best: Trial, judged: Trust): string {
  const { words, work, trainLoss } = best;
  const price = costsLearning(trainLoss, judged)
    ? `, at the price of learning less: a training loss of ${short(trainLoss!)} where it was ${short(judged.evidence.loss!.train)}`
    : '';
  const tasks = tasksOf(best);
  const before = judged.evidence.diverged === null ? ` where it took ${judged.evidence.work.gradients}` : '';
  return `${words} (tried on ${tasks}: ${outcomeOf(best)}, in ${work.gradients} gradients${before}${price})`;
}

function tasksOf({ goodOn, tasks }: Trial): string {
  if (tasks === undefined) return 'the same task';
  return goodOn === tasks
    ? `the same task and ${tasks - 1} more`
    : `the same task; on ${goodOn} of ${tasks} tasks it is good`;
}

const short = (value: number): string => String(Number(value.toPrecision(2)));
