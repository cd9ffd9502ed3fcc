import { checkNotInterrupted } from '../core/interruption';
import { yieldToEventLoop } from '../core/yield-to-event-loop';
import type { Batch } from '../data/batch';
import type { Session } from '../engine/engine';
import type { Network } from '../network/network';
import type { Optimizer } from './optimizers';
import { startAfresh } from './prepare-session';

interface CourseOptions {
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

/**
 * Held-out loss of one task after each number of inner steps; Infinity once learning it has diverged.
 * @throws Interruption where the signal is aborted.
 */
export async function courseOfLoss(options: CourseOptions): Promise<number[]> {
  const { network, session, adaptation, train, heldOut, start, steps, signal } = options;
  const losses: number[] = [];
  await startAfresh(network, session, adaptation, start);
  let [taken, lost] = [0, false];
  let firstResidual: number | undefined;
  for (const wanted of steps) {
    checkNotInterrupted(signal);
    const phase = { inner: adaptation, beta: 0, replay: null, tolerance: 0, firstResidual };
    const settled = await session.settle({ ...phase, steps: wanted - taken, stepsTaken: taken, train });
    firstResidual = settled.firstResidual;
    taken = wanted;
    lost ||= settled.diverged;
    losses.push(lost ? Infinity : (await session.evaluate(heldOut)).loss);
  }
  await yieldToEventLoop();
  return losses;
}
