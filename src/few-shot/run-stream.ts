import { type Interval, meanInterval } from '../core/interval';
import { filter } from '../core/rxjs-parts';
import type { Work } from '../engine/counted-session';
import { isMetaUpdate } from '../learning/events';
import type { StreamLearner } from '../learning/stream-learner';
import type { PhaseResiduals } from '../learning/stream-step';
import type { RunContext } from '../run/run-context';
import { moving } from '../run/trust/still-variables';
import type { Judgement, Stand, TaskJudge } from './judge-tasks';
import type { TaskSet } from './task-set';

/** How well tasks that are never learned from are learned, at one point of a stream. */
export interface CurvePoint {
  /** Tasks that the synapses had lived through. */
  readonly tasks: number;
  /** Held-out loss after each number of inner steps; NaN where a task has left every bound. */
  readonly losses: readonly Interval[];
  /** Share of held-out samples that are told right, of what tells classes apart; else null. */
  readonly accuracies: readonly Interval[] | null;
  /** How many tasks had left every bound by then. */
  readonly diverged: readonly number[];
}

/** What was seen of one method on its stream: all that tables and curves are made from. */
export interface StreamHistory {
  /** On the unseen tasks; or on those for validation, where there are such. */
  readonly curve: CurvePoint[];
  /** Numbers of inner steps after which it was judged, ascending. */
  readonly steps: readonly number[];
  /** The anchors (omega) of the watched synapses at each point of the curve, [points][synapses]. */
  readonly drift: number[][];
  /** What did best on the tasks for validation: it is what unseen tasks are judged by. Null where there are no such tasks. */
  best: BestStand | null;
  /** How well unseen tasks are learned from the best, at the end. Null where the curve itself is on them, or it is not the end yet. */
  unseen: CurvePoint | null;
  learned: number;
  skipped: number;
  /** The first task that was skipped, and why; null where none was. */
  firstSkipped: string | null;
  /** Slow variables that have moved. */
  moved: readonly string[];
  readonly work: Work;
  /** Phases that were to reach an equilibrium and did not. */
  unconverged: number;
  /** Mean residuals of the last meta-step that learned from a task; NaN for a method without phases. */
  residual: PhaseResiduals;
  /** Whether it was said that neurons do not settle. */
  unsettled?: true;
  ended: boolean;
}

/** The point of a curve where tasks for validation were learned best, and what the synapses had learned there. */
export interface BestStand extends Stand {
  /** Its place in the curve. */
  readonly point: number;
}

export interface StreamRunOptions {
  /** What the progress, metrics and curves call it. */
  readonly label: string;
  readonly learner: StreamLearner;
  readonly metaSteps: number;
  /** Tasks a meta-step. */
  readonly batch: number;
  /** Tasks to be judged by, never learned from. */
  readonly unseen: TaskSet;
  /** Tasks by which it is decided when to stop, where unseen ones are not to decide it. */
  readonly validation: TaskSet | null;
  readonly judge: TaskJudge;
  /** Numbers of inner steps after which they are judged, ascending. */
  readonly steps: readonly number[];
  /** Meta-steps from one point of the curve to the next. */
  readonly every: number;
  /** Indices of the synapses whose anchor is kept at each point of the curve. */
  readonly watched: readonly number[];
  /** Where the learner's warnings leave the first task that this process has skipped. */
  readonly skips: { readonly first: string | null };
}

/** Lets a learner live through its stream, and judges it on unseen tasks before, at times between, and at the end. */
export async function runStream(
  context: Pick<RunContext, 'repeat' | 'metric' | 'warn' | 'signal'>,
  {
    label,
    learner,
    metaSteps,
    batch,
    unseen,
    validation,
    judge: judging,
    steps,
    every,
    watched,
    skips,
  }: StreamRunOptions,
): Promise<StreamHistory> {
  let history: StreamHistory = {
    curve: [],
    steps,
    drift: [],
    best: null,
    unseen: null,
    learned: 0,
    skipped: 0,
    firstSkipped: null,
    moved: [],
    work: { gradients: 0, hessianVectors: 0 },
    unconverged: 0,
    residual: { free: Number.NaN, nudged: Number.NaN },
    ended: false,
  };

  const point = async (tasks: TaskSet, stand: Stand, lived: number): Promise<CurvePoint> => {
    const judged = pointOf(await judging.judge(tasks, stand, context.signal), lived);
    const { losses, accuracies } = judged;
    const told = accuracies === null ? {} : { accuracies };
    const on = tasks === unseen ? { unseen: losses } : { validation: losses };
    context.metric({ method: label, tasks: lived, steps, ...on, ...told });
    return judged;
  };

  const judge = async (): Promise<void> => {
    const stand = standOf(learner);
    history.curve.push(await point(validation ?? unseen, stand, history.learned + history.skipped));
    const { anchor } = learner.population.model;
    if (anchor !== null) history.drift.push(watched.map((synapse) => stand.variables[anchor]![synapse]!));
    if (validation !== null) keepBest(history, stand);
  };

  /** At the end, by the best that validation has found. */
  const judgeUnseen = async (): Promise<void> => {
    const { best, curve } = history;
    history.unseen = await point(unseen, best!, curve[best!.point]!.tasks);
  };

  const end = (metaStep: number): void => {
    history.ended = true;
    const { learned, skipped } = history;
    context.warn(
      `${label}: the stream ended after ${learned + skipped} tasks, in meta-step ${metaStep} of ${metaSteps}`,
    );
  };

  const learn = async (metaStep: number): Promise<void> => {
    const step = await learner.metaStep(context.signal);
    if (step === null) {
      end(metaStep);
      return judge();
    }
    const { learned, skipped, heldOutLoss, unconverged, residual, unsettled, work } = step;
    history.learned += learned;
    history.skipped += skipped;
    history.firstSkipped ??= skips.first;
    history.unconverged += unconverged;
    if (learned > 0) history.residual = residual;
    if (unsettled !== null && history.unsettled !== true) {
      history.unsettled = true;
      context.warn(`${label}: meta-step ${metaStep}: ${unsettled}. Later ones of this kind are not reported`);
    }
    history.work.gradients += work.gradients;
    history.work.hessianVectors += work.hessianVectors;
    context.metric({ method: label, metaStep, learned, skipped, heldOut: heldOutLoss, residual });
    // No later meta-step is there to find the stream at its end.
    if (metaStep === metaSteps && learned + skipped < batch) end(metaStep);
    if (metaStep % every === 0 || metaStep === metaSteps) await judge();
  };

  const listening = learner
    .eventsFor([])
    .pipe(filter(isMetaUpdate))
    .subscribe(({ metaGradient }) => {
      history.moved = moving(metaGradient, history.moved);
    });
  await context.repeat({
    label,
    total: metaSteps + (validation === null ? 1 : 2),
    async step(i) {
      if (i === 0) await judge();
      else if (i > metaSteps) await judgeUnseen();
      else if (!history.ended) await learn(i);
      const on = validation === null || i > metaSteps ? 'unseen' : 'validation';
      const last = inBrief(history.unseen ?? history.curve.at(-1)!);
      return `${Math.min(i * batch, history.learned + history.skipped)} tasks, ${on} ${last}`;
    },
    save: () => ({ learner: learner.save(), history }),
    restore(state) {
      const saved = state as { learner: never; history: StreamHistory };
      learner.restore(saved.learner);
      history = saved.history;
    },
  });
  listening.unsubscribe();
  return history;
}

/** What has been learned: the averages, where such are kept. */
export function standOf(learner: StreamLearner): Stand {
  const { variables, start, meta } = learner.save();
  return { variables: { ...variables, ...meta.averages }, start };
}

function pointOf({ losses, accuracies }: Judgement, tasks: number): CurvePoint {
  const diverged = losses.map((values) => values.filter((value) => !Number.isFinite(value)).length);
  const means = { losses: losses.map(meanInterval), accuracies: accuracies?.map(meanInterval) ?? null };
  return { tasks, ...means, diverged };
}

/** The newest point is the best where validation tasks are told better after the most inner steps, or their loss is lower. */
function keepBest(history: StreamHistory, stand: Stand): void {
  const { curve, best } = history;
  const newest = curve.length - 1;
  if (best === null || goodness(curve[newest]!) > goodness(curve[best.point]!))
    history.best = { ...stand, point: newest };
}

function goodness({ losses, accuracies }: CurvePoint): number {
  const good = accuracies === null ? -losses.at(-1)!.mean : accuracies.at(-1)!.mean;
  return Number.isNaN(good) ? -Infinity : good;
}

function inBrief({ losses, accuracies }: CurvePoint): string {
  if (accuracies !== null) return `${(100 * accuracies.at(-1)!.mean).toFixed(1)} %`;
  const { mean } = losses.at(-1)!;
  return Number.isNaN(mean) ? 'ones diverge' : mean.toPrecision(3);
}

/** How well unseen tasks are learned in the end: from the best, where tasks for validation have chosen it. */
export const inTheEnd = ({ unseen, curve }: Pick<StreamHistory, 'unseen' | 'curve'>): CurvePoint =>
  unseen ?? curve.at(-1)!;

/** A share in percent. */
export const inPercent = ({ mean, halfWidth }: Interval): Interval => ({
  mean: 100 * mean,
  halfWidth: 100 * halfWidth,
});
