import type { RandomStream } from '../core/random';
import type { Batch } from './batch';

/** Training (support) and held-out (query) samples of one task. */
export interface EpisodeData {
  readonly train: Batch;
  readonly heldOut: Batch;
}

/**
 * Anything that can sample a task: a family of functions, a data set of many classes, a user's own generator.
 * `sample` draws everything random from the stream that it is given, so that a seed fixes the whole course of tasks.
 * `null` says that there are no more tasks.
 */
export interface EpisodeSource {
  readonly name: string;
  /** What its data are known by again, where they may change: a stream goes on with no others. Default: they do not change. */
  readonly checksum?: string;
  /** The next task's data; null where there is none left. */
  sample(stream: RandomStream): EpisodeData | null;
}
