import { UnstableNeuronsError } from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import { yieldToEventLoop } from '../core/yield-to-event-loop';
import type { Batch } from '../data/batch';
import { countRight } from '../data/count-right';
import type { Evaluation, Session, Settled } from '../engine/engine';
import type { Network } from '../network/network';
import type { Optimizer } from './optimizers';
import { startAfresh } from './prepare-session';

export interface CourseOptions {
  readonly network: Network;
  readonly session: Session;
  readonly adaptation: Optimizer;
  readonly train: Batch;
  readonly heldOut: Batch;
  /** phi at the start of the task. */
  readonly start: Float64Array;
  /** Ascending. */
  readonly steps: readonly number[];
  readonly signal: AbortSignal;
}

/** How well a task was learned. */
export interface Seen {
  /** Held-out loss; Infinity once learning it has diverged. */
  readonly loss: number;
  /** Share of held-out samples whose largest output is that of their class; 0 once learning has diverged, NaN where outputs stand for no classes. */
  readonly accuracy: number;
}

/** Whether a network's outputs stand for classes. */
export const tellsClasses = ({ loss }: Network): boolean => loss.targets === 'classes';

/**
 * How well one task is learned after each number of inner steps.
 * @throws Interruption where the signal is aborted.
 */
export function courseSeen(options: CourseOptions): Promise<Seen[]> {
  return courseOf(options, (evaluation) => seenIn(evaluation, options));
}

/** What an evaluation of a task's held-out samples says of how well it was learned; null where learning it has diverged. */
export function seenIn(
  evaluation: Evaluation | null,
  { network, heldOut }: Pick<CourseOptions, 'network' | 'heldOut'>,
): Seen {
  if (evaluation === null) return { loss: Infinity, accuracy: 0 };
  const { outputs, loss } = evaluation;
  const accuracy = tellsClasses(network) ? countRight(outputs, heldOut) / heldOut.samples : Number.NaN;
  return { loss, accuracy };
}

/**
 * What is seen of a task's held-out data after each number of inner steps.
 * @param see Of the evaluation there; null once learning the task has diverged.
 * @throws Interruption where the signal is aborted.
 */
export async function courseOf<Seen>(
  options: CourseOptions,
  see: (evaluation: Evaluation | null) => Seen,
): Promise<Seen[]> {
  const { network, session, adaptation, train, heldOut, start, steps, signal } = options;
  const course: Seen[] = [];
  await startAfresh(network, session, adaptation, start);
  let [taken, lost] = [0, false];
  let firstResidual: number | undefined;
  for (const wanted of steps) {
    checkNotInterrupted(signal);
    const phase = { inner: adaptation, beta: 0, replay: null, tolerance: 0, firstResidual };
    const request = { ...phase, steps: wanted - taken, stepsTaken: taken, train };
    const settled = lost ? null : await settledOr(null, () => session.settle(request));
    firstResidual = settled?.firstResidual ?? firstResidual;
    taken = wanted;
    lost ||= wanted > 0 && (settled === null || settled.diverged);
    course.push(see(lost ? null : await session.evaluate(heldOut)));
  }
  await yieldToEventLoop();
  return course;
}

/** How a phase ended; something else, where neurons did not settle in it. */
async function settledOr<Else>(otherwise: Else, settle: () => Promise<Settled>): Promise<Settled | Else> {
  try {
    return await settle();
  } catch (error) {
    if (error instanceof UnstableNeuronsError) return otherwise;
    throw error;
  }
}
