import { filter, lastValueFrom, take, toArray } from 'rxjs';
import { InputError } from '../core/errors';
import { type Interval, meanInterval } from '../core/interval';
import type { Work } from '../engine/counted-session';
import { isMetaUpdate } from '../learning/events';
import type { StreamLearner } from '../learning/stream-learner';
import type { RunContext } from '../run/run-context';
import { moving } from '../run/trust/still-variables';
import { type Episode, isBad, type TaskStream } from '../tasks/task-stream';

/** How well unseen tasks are learned, at one point of a stream. */
interface CurvePoint {
  /** Tasks that the synapses had lived through. */
  readonly tasks: number;
  /** Held-out loss after each number of inner steps; NaN where a task has left every bound. */
  readonly losses: readonly Interval[];
  /** How many tasks had left every bound by then. */
  readonly diverged: readonly number[];
}

/** What was seen of one method on its stream: all that tables and curves are made from. */
export interface StreamHistory {
  readonly curve: CurvePoint[];
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
  residual: { readonly free: number; readonly nudged: number };
  ended: boolean;
}

export interface StreamRunOptions {
  /** What the progress, metrics and curves call it. */
  readonly label: string;
  readonly learner: StreamLearner;
  readonly metaSteps: number;
  /** Tasks a meta-step. */
  readonly batch: number;
  /** Tasks to be judged by, never learned from. */
  readonly unseen: readonly Episode[];
  /** Numbers of inner steps after which they are judged, ascending. */
  readonly steps: readonly number[];
  /** Meta-steps from one point of the curve to the next. */
  readonly every: number;
  /** Where the learner's warnings leave the first task that this process has skipped. */
  readonly skips: { readonly first: string | null };
}

/** Lets a learner live through its stream, and judges it on unseen tasks before, at times between, and at the end. */
export async function runStream(
  context: Pick<RunContext, 'repeat' | 'metric' | 'warn' | 'signal'>,
  { label, learner, metaSteps, batch, unseen, steps, every, skips }: StreamRunOptions,
): Promise<StreamHistory> {
  let history: StreamHistory = {
    curve: [],
    learned: 0,
    skipped: 0,
    firstSkipped: null,
    moved: [],
    work: { gradients: 0, hessianVectors: 0 },
    unconverged: 0,
    residual: { free: Number.NaN, nudged: Number.NaN },
    ended: false,
  };

  const judge = async (): Promise<void> => {
    const byTask = await learner.evaluate(unseen, steps, context.signal);
    const losses = byTask.map(meanInterval);
    const diverged = byTask.map((values) => values.filter((value) => !Number.isFinite(value)).length);
    const tasks = history.learned + history.skipped;
    history.curve.push({ tasks, losses, diverged });
    context.metric({ method: label, tasks, steps, unseen: losses });
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
    const { learned, skipped, heldOutLoss, unconverged, residual, work } = step;
    history.learned += learned;
    history.skipped += skipped;
    history.firstSkipped ??= skips.first;
    history.unconverged += unconverged;
    if (learned > 0) history.residual = residual;
    history.work.gradients += work.gradients;
    history.work.hessianVectors += work.hessianVectors;
    context.metric({ method: label, metaStep, learned, skipped, heldOut: heldOutLoss, residual });
    // No later meta-step is there to find the stream at its end.
    if (metaStep === metaSteps && learned + skipped < batch) end(metaStep);
    if (metaStep % every === 0 || metaStep === metaSteps) await judge();
  };

  const listening = learner.events$.pipe(filter(isMetaUpdate)).subscribe(({ metaGradient }) => {
    history.moved = moving(metaGradient, history.moved);
  });
  await context.repeat({
    label,
    total: metaSteps + 1,
    async step(i) {
      if (i === 0) await judge();
      else if (!history.ended) await learn(i);
      const last = history.curve.at(-1)!.losses.at(-1)!;
      const unseenLoss = Number.isNaN(last.mean) ? 'ones diverge' : last.mean.toPrecision(3);
      return `${Math.min(i * batch, history.learned + history.skipped)} tasks, unseen ${unseenLoss}`;
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

/**
 * The tasks to be judged by. Those that cannot be learned from are left out with a warning.
 * @throws InputError where none is left.
 */
export async function drawUnseen(
  stream: TaskStream,
  count: number,
  warn: (line: string) => void,
): Promise<Episode[]> {
  const drawn = await lastValueFrom(stream.episodes$.pipe(take(count), toArray()));
  const good: Episode[] = [];
  for (const episode of drawn) {
    if (isBad(episode)) warn(`unseen task ${episode.index} was left out: ${episode.problem.message}`);
    else good.push(episode);
  }
  if (drawn.length < count) {
    warn(`there are only ${drawn.length} unseen tasks, of ${count} asked for`);
  }
  if (good.length > 0) return good;
  throw new InputError({
    what: 'There is no unseen task to judge by',
    got: `${drawn.length} drawn, none of which can be learned`,
    advice: 'Check what the source of tasks samples',
  });
}
