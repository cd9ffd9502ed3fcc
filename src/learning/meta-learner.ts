import type { Observer } from 'rxjs';
import { InputError } from '../core/errors';
import type { EpisodeData } from '../data/episode-source';
import type { Evaluation, Session } from '../engine/engine';
import type { Network } from '../network/network';
import type { Population } from '../synapse/population';
import type { Quantities } from '../synapse/rule-executor';
import type { Episode } from '../tasks/task-stream';
import type { ContrastTerm } from './estimators';
import type { PhaseEndEvent, SimulationEvent } from './events';
import type { Optimizer } from './optimizers';
import type { ShownSession } from './sessions';

/** One episode, ready to be learned: the session holds the slow variables already. */
export interface EpisodeContext {
  readonly network: Network;
  readonly session: Session;
  readonly episode: Episode;
  /** The synapses, whose slow variables are in the session already. */
  readonly population: Population;
  /** Everything that learns between tasks, by name. */
  readonly slow: Quantities;
  /** phi at the start of the task. */
  readonly start: Float64Array;
  /** Hears what happens, where the method has events. */
  readonly listener?: Pick<Observer<SimulationEvent>, 'next'>;
  readonly signal?: AbortSignal;
  /** Whether the result is to have the running statistics of batch norm. Default: not. */
  readonly statistics?: boolean;
  /** Other sessions that hold the slow variables, for what can be learned at the same time. */
  readonly beside?: readonly ShownSession[];
}

/** What learning one task gave. */
export interface EpisodeResult {
  /** dL_out/dtheta, or what the method takes for it, by slow variable. */
  readonly metaGradient: Readonly<Record<string, Float64Array>>;
  /** Held-out loss after the method's own learning of the task. */
  readonly heldOutLoss: number;
  /** phi where learning the task ended, before any nudge; for methods that learn it before they ask what the slow variables should be. */
  readonly phi?: Float64Array;
  /** The running statistics of batch norm there, where they were asked for: mean and variance as `runningLayout` has them. */
  readonly runningStatistics?: Float64Array | undefined;
  /** How each phase ended, for methods that learn in phases. */
  readonly phases?: readonly PhaseEndEvent[];
}

/** A way to learn slow variables from tasks: the contrastive rule, or a method to compare it with. */
export interface MetaLearner {
  readonly name: string;
  /** How phi learns an unseen task when the method is judged. */
  readonly adaptation: Optimizer;
  /** Whether the penalty R holds phi while a task is learned; without it all non-negative variables count as 0. */
  readonly regularised: boolean;
  /**
   * The slow variables that it gives a gradient for: by name; or, of any synapse, the `anchor` that phi starts from, or all variables that
   * its energy has (`slow`).
   */
  readonly learns: readonly string[] | 'anchor' | 'slow';
  /** Which ends of phases its meta-gradient contrasts, where it does: sum coefficient (dR/dtheta at `nudged` - at `reference`), Eq. 4. */
  readonly terms?: readonly ContrastTerm[];
  /** Inner steps that one step event stands for, where the method tells of its steps. */
  readonly stride?: number;
  /** Sweeps of neurons from one sweep event to the next, where the method tells of them. */
  readonly sweepStride?: number;
  /**
   * Outputs for a task's held-out samples and their loss, of a method that answers without the network. Default: the network answers, once it
   * has learned the task by `adaptation`.
   */
  readonly answer?: (network: Network, task: EpisodeData) => Promise<Evaluation>;
  /** @throws DivergenceError where learning the task leaves every bound. */
  learn(context: EpisodeContext): Promise<EpisodeResult>;
  /** Gives back what the method itself has opened; it can be used again, and opens it anew. Default: it has opened nothing. */
  close?(): Promise<void>;
}

/** The names of the variables that a method gives a gradient for, of those that a network has. */
export function gradientsOf(
  { learns }: Pick<MetaLearner, 'learns'>,
  { synapse }: Network,
): readonly string[] {
  if (learns === 'slow') return synapse.meta;
  if (learns === 'anchor') return synapse.anchor === null ? [] : [synapse.anchor];
  return learns;
}

/** @throws InputError where a method gives no gradient for one of the variables that are to learn. */
export function checkGradients(
  learner: Pick<MetaLearner, 'name' | 'learns'>,
  network: Network,
  learned: readonly string[],
): void {
  const legal = gradientsOf(learner, network);
  const lacking = learned.find((variable) => !legal.includes(variable));
  if (lacking === undefined) return;
  throw new InputError({
    what: `Method "${learner.name}" gives no gradient for a slow variable that is to learn`,
    got: lacking,
    legal: legal.join(', ') || 'none',
    advice: 'Name the variables to learn in `meta.learn`',
  });
}
