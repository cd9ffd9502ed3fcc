import type { Work } from '../../engine/counted-session';
import type { Task } from '../../tasks/task';
import type { Adjustable, Change, ChangedProblem } from './adjustable';
import { proposalsFor } from './proposals';
import { errorOf, type Trial, tryChange } from './trial';
import type { Trust } from './trust';
import { toleratedError } from './verdict';

/** Changes on top of each other at the most. */
const mostRounds = 3;

/** All trials together cost four times what the verdict did, or this many gradients where that is more. */
const [times, fewestGradients] = [4, 50_000];

/**
 * What a diverging verdict has cost says nothing. One that comes to its end has two estimates, or four where neurons settle, each of a free phase and two nudged ones, of two
 * gradients a step: all trials together cost twice that, since few of them need all their steps.
 */
const [estimates, gradientsOfNudgedPhases, timesPlanned] = [2, 4, 2];
const estimatesOfNeurons = 4;

/** One of them costs an eighth of that, or a little more than the verdict did: with less, none that is like it would come to its end. */
const [share, likeTheVerdict] = [8, 1.25];

/** A training loss that grows by more than this is a price. */
const priceWorthNaming = 1.1;

/** Of the changes that are good on the judged task, so many are tried on others too. */
const mostConfirmed = 3;

/** What was tried to mend a verdict. */
export interface Advice {
  /** The change whose trial earned a better verdict; null where none did. */
  readonly best: Trial | null;
  /** All that was tried, in order. */
  readonly tried: readonly Trial[];
  /** What that has cost, and the most gradients that it could have. */
  readonly work: Work;
  readonly mostGradients: number;
}

interface Tried {
  readonly change: Change;
  readonly changed: ChangedProblem | null;
  readonly trial: Trial;
  readonly trust: Trust | null;
}

/**
 * Tries what might mend a verdict, on the problem that was judged: each proposal by judging the changed problem, and, while none is good with some
 * room and on the other tasks too, what might mend the best of them, on top of it. What is given earned the better verdict, on the most tasks. Among
 * equals, it leaves the experiment as it is (the strength of the penalty is part of it) and does not cost learning, then has the smaller
 * error, to one digit, then costs less.
 * @throws Interruption where the problem's signal is aborted.
 */
export async function advise(trust: Trust, adjustable: Adjustable): Promise<Advice> {
  const search = new Search(adjustable, trust);
  const judged: Tried = { change: {}, changed: null, trial: trialOf(trust), trust };
  let [base, best] = [judged, judged];
  for (let round = 0; round < mostRounds; round++) {
    const found = await search.around(base);
    if (found === null || (!isGood(found) && compare(found, base, trust) >= 0)) break;
    base = await search.confirm(found);
    if (compare(base, best, trust) < 0) best = base;
    if (isSure(base)) break;
  }
  const helps = rank(best.trial) < rank(judged.trial) && isWorthIt(best.trial);
  const tried = search.all.map(({ trial }) => trial);
  return { best: helps ? best.trial : null, tried, work: search.work, mostGradients: search.mostGradients };
}

class Search {
  readonly all: Tried[] = [];
  readonly work: Work = { gradients: 0, hessianVectors: 0 };
  private readonly seen = new Set<string>();
  /** Whether the verdict was better where meta-learning began; null before that was asked. */
  private thrown: boolean | null = null;
  readonly mostGradients: number;
  private readonly mostForOne: number;

  constructor(
    private readonly adjustable: Adjustable,
    private readonly judged: Trust,
  ) {
    const spent = judged.evidence.work.gradients;
    const planned = judged.evidence.diverged === null ? 0 : plannedGradients(adjustable.present);
    this.mostGradients = Math.max(fewestGradients, times * spent, timesPlanned * planned);
    this.mostForOne = Math.max(this.mostGradients / share, likeTheVerdict * Math.max(spent, planned));
  }

  /** The best of what is proposed for a problem that was tried; null where there was nothing to try. */
  async around({ change, trust }: Tried): Promise<Tried | null> {
    const { present } = this.adjustable;
    let best: Tried | null = null;
    for (const kind of proposalsFor(trust!, { ...present, ...change })) {
      for (const proposal of kind) {
        if (proposal.metaRate !== undefined && !(await this.wasThrown())) break;
        const tried = await this.try({ ...change, ...available(proposal, present) });
        if (tried === null) continue;
        if (tried.trust !== null && (best === null || compare(tried, best, this.judged) < 0)) best = tried;
        if (isGood(tried) && tried.trial.error! <= toleratedError / 2) break;
      }
    }
    return best;
  }

  /** The best of those that are good so far, by what they do on other tasks as well; what is given, where it is not good. */
  async confirm(best: Tried): Promise<Tried> {
    const { others = [] } = this.adjustable;
    if (!isGood(best) || others.length === 0) return best;
    const good = this.all.filter(isGood).sort((a, b) => compare(a, b, this.judged));
    let most = best;
    for (const tried of good.slice(0, mostConfirmed)) {
      const confirmed = await this.onOthers(tried, others);
      if (most === best || compare(confirmed, most, this.judged) < 0) most = confirmed;
      if (isSure(confirmed)) break;
    }
    return most;
  }

  private async onOthers(tried: Tried, others: readonly Task[]): Promise<Tried> {
    let goodOn = 1;
    for (const task of others) {
      if (this.left() <= 0) break;
      const { words, problem } = tried.changed!;
      const { trial } = await tryChange({ words, problem: { ...problem, task } }, this.left());
      this.spend(trial.work);
      if (trial.verdict === 'good') goodOn++;
    }
    return { ...tried, trial: { ...tried.trial, goodOn, tasks: 1 + others.length } };
  }

  private async try(change: Change): Promise<Tried | null> {
    const changed = Object.keys(change).length === 0 ? null : this.adjustable.change(change);
    if (changed === null || this.seen.has(changed.words) || this.left() <= 0) return null;
    this.seen.add(changed.words);
    const { trial, trust } = await tryChange(changed, Math.min(this.left(), this.mostForOne));
    this.spend(trial.work);
    const tried = { change, changed, trial, trust };
    this.all.push(tried);
    return tried;
  }

  /** Whether meta-learning has taken the slow variables from where the verdict was better. */
  private async wasThrown(): Promise<boolean> {
    const { begin } = this.adjustable;
    if (this.thrown === null && begin !== null && this.left() > 0) {
      const { trial } = await tryChange(
        { words: '', problem: begin },
        Math.min(this.left(), this.mostForOne),
      );
      this.spend(trial.work);
      this.thrown = rank(trial) < rank(trialOf(this.judged));
    }
    return this.thrown ?? false;
  }

  private left(): number {
    return this.mostGradients - this.work.gradients;
  }

  private spend({ gradients, hessianVectors }: Work): void {
    this.work.gradients += gradients;
    this.work.hessianVectors += hessianVectors;
  }
}

/** What of a change the settings have, where it says anything new. */
function available(change: Change, present: Change): Change {
  const entries = Object.entries(change).filter(([name, value]) => name in present && !Number.isNaN(value));
  return Object.fromEntries(entries);
}

function trialOf(trust: Trust): Trial {
  const { verdict, evidence } = trust;
  const diverged = evidence.diverged !== null;
  return {
    words: '',
    verdict,
    diverged,
    error: errorOf(trust),
    trainLoss: evidence.loss?.train ?? null,
    work: evidence.work,
  };
}

/** Gradients of a verdict whose phases take all their steps. */
function plannedGradients(present: Change): number {
  const steps = (kind: 'free' | 'nudged') => Number(present[`${kind}.steps`] ?? 0);
  const times = present.credit === undefined ? estimates : estimatesOfNeurons;
  return times * (steps('free') + gradientsOfNudgedPhases * steps('nudged'));
}

const isGood = ({ trial }: Tried): boolean => trial.verdict === 'good';

/** Good with some room, and wherever it was tried. */
const isSure = (tried: Tried): boolean => {
  const { error, goodOn, tasks } = tried.trial;
  return isGood(tried) && error! <= toleratedError / 2 && goodOn === tasks;
};

/** Trials from the best to the worst: one that diverges is worse than one that has settled nowhere. */
function rank({ verdict, diverged }: Trial): number {
  if (verdict === null || diverged) return 3;
  if (verdict === 'good') return 0;
  return verdict === 'no equilibrium' || verdict === 'no gradient' ? 2 : 1;
}

/** Errors as large as the gradient are no better than none. */
const isWorthIt = ({ error }: Trial): boolean => error === null || error < 1;

/** By which trials are compared: one of no worth is worse than one that has settled nowhere, and better than one that diverges. */
const standing = (trial: Trial): number => (isWorthIt(trial) ? rank(trial) : 2.5);

/** Below 0 where the first is the better one. */
function compare(a: Tried, b: Tried, judged: Trust): number {
  const price = (tried: Tried) =>
    Number(tried.change.strength !== undefined) +
    Number(hasOtherNeurons(tried.change, judged)) +
    Number(costsLearning(tried.trial.trainLoss, judged));
  return (
    standing(a.trial) - standing(b.trial) ||
    (b.trial.goodOn ?? 0) - (a.trial.goodOn ?? 0) ||
    (isGood(a) ? price(a) - price(b) : 0) ||
    oneDigit(a.trial.error) - oneDigit(b.trial.error) ||
    (a.trial.error === null ? oneDigit(a.trial.trainLoss) - oneDigit(b.trial.trainLoss) : 0) ||
    effort(a) - effort(b)
  );
}

/** What a trial took: gradients, each of as many sweeps as neurons have. */
const effort = ({ trial, trust }: Tried): number =>
  trial.work.gradients * (trust?.evidence.neurons?.sweeps ?? 1);

/** Whether credit comes from another source than that which was judged. */
function hasOtherNeurons({ credit }: Change, { evidence }: Trust): boolean {
  const kind = evidence.neurons?.kind ?? evidence.field?.kind;
  return credit !== undefined && String(credit).split(':')[0] !== kind;
}

/** Whether a change lowers what is learned of the judged task. */
export function costsLearning(trainLoss: number | null, { evidence }: Pick<Trust, 'evidence'>): boolean {
  return trainLoss !== null && evidence.loss !== null && trainLoss > priceWorthNaming * evidence.loss.train;
}

const oneDigit = (value: number | null): number => (value === null ? 0 : Number(value.toPrecision(1)));
