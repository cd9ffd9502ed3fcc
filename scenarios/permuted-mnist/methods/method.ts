import type { Batch } from '../../../src/data/batch';
import type { SynapseModel } from '../../../src/synapse/model';
import type { RuleExecutor } from '../../../src/synapse/rule-executor';
import type { PermutedSettings } from '../schema';
import type { SequentialNetwork } from '../sequential-network';
import type { PermutedTasks } from '../tasks';
import type { MethodName } from './method-names';

/** A way in which synapses learn tasks that follow one another. */
export interface SequentialMethod {
  readonly name: MethodName;
  readonly title: string;
  /** What it does, as a sentence. */
  readonly summary: string;
  readonly reference: string;
  synapse(settings: PermutedSettings): SynapseModel;
  /** First values of slow variables, where they are not those that the synapse declares. */
  readonly initial?: Readonly<Record<string, number>>;
  /** What each synapse keeps beside the variables of its model. */
  readonly buffers: readonly string[];
  /** Variables whose course is kept. */
  readonly shown: readonly string[];
  /** Where the network is judged, if not at the fast variable. */
  readonly judgedAt?: string;
  /** Whether it keeps images of each task to replay. */
  readonly replays: boolean;
  begin(surroundings: Surroundings): Learning;
}

/** What a method learns with. */
interface Surroundings {
  readonly settings: PermutedSettings;
  readonly network: SequentialNetwork;
  readonly tasks: PermutedTasks;
  /** Runs rules between chunks and between tasks. */
  readonly rules: RuleExecutor;
  /** Root seed of what is drawn. */
  readonly seed: number;
}

/** A stretch of minibatches between two moments at which a run can stop. */
export interface Chunk {
  readonly task: number;
  /** Its number in the task. */
  readonly number: number;
  /** Minibatches of the task before it, and in it. */
  readonly first: number;
  readonly count: number;
}

/** What a method does when. It keeps nothing from one chunk to the next but what is in the network. */
interface Learning {
  /** One minibatch: step `index` of the chunk. */
  step(train: Batch, index: number, chunk: Chunk): Promise<void>;
  /** Behind a chunk; the network's values are at hand. */
  endChunk?(chunk: Chunk): Promise<void>;
  /** Behind the last chunk of a task. */
  endTask?(task: number): Promise<void>;
}
