import { DivergenceError } from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import { yieldToEventLoop } from '../core/yield-to-event-loop';
import type { Batch } from '../data/batch';
import { divergenceAdvice } from '../learning/divergence-advice';
import type { EpisodeContext } from '../learning/meta-learner';
import { atMoment } from '../learning/neuron-advice';
import type { Optimizer } from '../learning/optimizers';
import { releasePenalty, startAfresh } from '../learning/prepare-session';
import type { Minibatch } from '../tasks/task';
import type { Episode } from '../tasks/task-stream';

/** What one inner step learns from: L(train) + beta L(replay). */
export interface StepSamples {
  readonly train: Batch;
  readonly replay: Batch | null;
  readonly beta: number;
}

/** How a baseline learns a task. */
export interface Adaptation {
  readonly optimizer: Optimizer;
  readonly steps: number;
  /** Whether R holds phi while the task is learned. Without it, the strengths that must not be negative (lambda) are
   * set to 0 in the session. */
  readonly penalty: boolean;
  /** The norm of the gradient at which the steps end early. Default 0: all are taken. */
  readonly tolerance?: number | undefined;
  /** What each step learns from, where that is not the task's training set; a function where steps differ. */
  readonly samples?: StepSamples | ((step: number) => StepSamples) | undefined;
}

/** Inner steps between two looks at whether the user has interrupted. */
const mostAtOnce = 50;

/**
 * Learns the episode's training set for a number of steps, from the episode's start. Leaves phi where it ended, and
 * adds to `course` the phi before each step.
 * @throws DivergenceError where the gradient leaves every bound; UnstableNeuronsError where neurons do not settle; Interruption where the signal is aborted.
 */
export async function adapt(
  { network, session, episode, start, signal }: EpisodeContext,
  { optimizer, steps, penalty, tolerance = 0, samples = trainingSet(episode) }: Adaptation,
  course?: Float64Array[],
): Promise<void> {
  await startAfresh(network, session, optimizer, start);
  if (!penalty) await releasePenalty(network, session);
  const most = course === undefined && typeof samples !== 'function' ? mostAtOnce : 1;
  let firstResidual: number | undefined;
  for (let taken = 0; taken < steps; taken += most) {
    const count = Math.min(most, steps - taken);
    if (taken % mostAtOnce === 0) {
      await yieldToEventLoop();
      checkNotInterrupted(signal);
    }
    const { train, replay, beta } = typeof samples === 'function' ? samples(taken) : samples;
    course?.push(await session.read(network.synapse.fast));
    const moment = { task: episode.name, phase: 'free', beta: 0 };
    const phase = {
      ...{ network, session, train, replay, beta, optimizer, stepsBefore: 0, budget: steps },
      restart: () => startAfresh(network, session, optimizer, start),
    };
    const request = {
      inner: optimizer,
      beta,
      steps: count,
      stepsTaken: taken,
      train,
      replay,
      tolerance,
      firstResidual,
      residualAtEnd: taken + count === steps, // a step in between that diverges is found out by the next one
    };
    const settled = await session.settle(request).catch(async (error) => {
      const again = typeof samples === 'function' ? 0 : count;
      throw await atMoment(error, { ...phase, moment, taken, count: again });
    });
    firstResidual = settled.firstResidual;
    if (settled.diverged) {
      const { residual } = settled;
      const advice = await divergenceAdvice({ ...phase, firstResidual, residual });
      throw new DivergenceError({ ...moment, step: taken + settled.steps }, residual, advice);
    }
    if (settled.converged) return;
  }
}

/** A task's own samples, step by step where it has minibatches. */
function trainingSet(episode: Episode): NonNullable<Adaptation['samples']> {
  const alone = ({ train }: Minibatch): StepSamples => ({ train, replay: null, beta: 0 });
  return episode.minibatch === undefined ? alone(episode) : (step) => alone(episode.minibatch!(step));
}

/** A gradient by where phi starts, as that of the anchor; nothing where the synapse has none, and every task starts alike. */
export function ofAnchor(
  { synapse: { anchor } }: EpisodeContext['network'],
  gradient: Float64Array,
): Readonly<Record<string, Float64Array>> {
  return anchor === null ? {} : { [anchor]: gradient };
}
