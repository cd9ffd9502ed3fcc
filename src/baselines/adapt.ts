import { DivergenceError } from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import { yieldToEventLoop } from '../core/yield-to-event-loop';
import { divergenceAdvice } from '../learning/divergence-advice';
import type { EpisodeContext } from '../learning/meta-learner';
import type { Optimizer } from '../learning/optimizers';
import { releasePenalty, startAfresh } from '../learning/prepare-session';

/** How a baseline learns a task. */
export interface Adaptation {
  readonly optimizer: Optimizer;
  readonly steps: number;
  /** Whether R holds phi while the task is learned. Without it, the strengths that must not be negative (lambda) are
   * set to 0 in the session. */
  readonly penalty: boolean;
}

/** Inner steps between two looks at whether the user has interrupted. */
const mostAtOnce = 50;

/**
 * Learns the episode's training set for a number of steps, from the episode's start. Leaves phi where it ended, and
 * adds to `course` the phi before each step.
 * @throws DivergenceError where the gradient leaves every bound; Interruption where the signal is aborted.
 */
export async function adapt(
  { network, session, episode, start, signal }: EpisodeContext,
  { optimizer, steps, penalty }: Adaptation,
  course?: Float64Array[],
): Promise<void> {
  await startAfresh(network, session, optimizer, start);
  if (!penalty) await releasePenalty(network, session);
  const most = course === undefined && episode.minibatch === undefined ? mostAtOnce : 1;
  let firstResidual: number | undefined;
  for (let taken = 0; taken < steps; taken += most) {
    if (taken % mostAtOnce === 0) {
      await yieldToEventLoop();
      checkNotInterrupted(signal);
    }
    course?.push(await session.read(network.synapse.fast));
    const settled = await session.settle({
      inner: optimizer,
      beta: 0,
      steps: Math.min(most, steps - taken),
      stepsTaken: taken,
      train: (episode.minibatch?.(taken) ?? episode).train,
      replay: null,
      tolerance: 0,
      firstResidual,
    });
    firstResidual = settled.firstResidual;
    if (settled.diverged) {
      const moment = { task: episode.name, phase: 'free', beta: 0, step: taken + settled.steps };
      const advice = await divergenceAdvice({
        ...{ network, session, train: episode.train, replay: null, beta: 0, optimizer, firstResidual },
        ...{ stepsBefore: 0, budget: steps, residual: settled.residual },
        restart: () => startAfresh(network, session, optimizer, start),
      });
      throw new DivergenceError(moment, settled.residual, advice);
    }
  }
}

/** A gradient by where phi starts, as that of the anchor; nothing where the synapse has none, and every task starts alike. */
export function ofAnchor(
  { synapse: { anchor } }: EpisodeContext['network'],
  gradient: Float64Array,
): Readonly<Record<string, Float64Array>> {
  return anchor === null ? {} : { [anchor]: gradient };
}
