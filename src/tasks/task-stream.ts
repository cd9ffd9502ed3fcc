import { Observable } from 'rxjs';
import { wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import { checkStreamState, type RandomStream, type StreamState } from '../core/random';
import type { EpisodeSource } from '../data/episode-source';
import { makeTask, type Task } from './task';

/** One task of a stream. */
export interface Episode extends Task {
  /** Its place in the stream, counted from 0 over the good and the bad. */
  readonly index: number;
}

/** An episode that cannot be learned from: no held-out points, values that are not finite, ... */
export interface BadEpisode {
  readonly index: number;
  readonly problem: InputError;
}

export interface TaskStreamOptions {
  readonly source: EpisodeSource;
  /** Where the tasks are drawn from; its state is part of the stream's. */
  readonly random: RandomStream;
  /** How many tasks there are. Default: endless. */
  readonly count?: number;
}

export interface TaskStreamState {
  drawn: number;
  random: StreamState;
}

/** An ordered course of tasks, each drawn when it is asked for, so that a stream without end costs no memory. */
export class TaskStream {
  private drawn = 0;
  private ended = false;
  private readonly count: number;

  constructor(private readonly options: TaskStreamOptions) {
    const { count = Infinity } = options;
    this.count = count === Infinity ? count : wholeNumber('count', count, 1);
  }

  /** Tasks drawn so far. */
  get position(): number {
    return this.drawn;
  }

  /**
   * Episodes from where the stream is, good and bad, drawn one by one as the subscriber takes them: `take(16)` draws
   * sixteen. Completes where the stream ends.
   */
  get episodes$(): Observable<Episode | BadEpisode> {
    return new Observable((subscriber) => {
      while (!subscriber.closed) {
        const episode = this.next();
        if (episode === null) subscriber.complete();
        else subscriber.next(episode);
      }
    });
  }

  save(): TaskStreamState {
    return { drawn: this.drawn, random: this.options.random.save() };
  }

  /** @throws InputError where it is no state of a stream; then nothing has changed. */
  restore(state: TaskStreamState): void {
    this.check(state);
    this.drawn = state.drawn;
    this.ended = false;
    this.options.random.restore(state.random);
  }

  /** @throws InputError where `restore` would. */
  check({ drawn, random }: TaskStreamState): void {
    wholeNumber('The number of tasks drawn', drawn);
    checkStreamState(this.options.random.name, random);
  }

  private next(): Episode | BadEpisode | null {
    const { source, random } = this.options;
    if (this.ended || this.drawn >= this.count) return null;
    const data = source.sample(random);
    if (data === null) {
      this.ended = true;
      return null;
    }
    const index = this.drawn++;
    try {
      return { ...makeTask({ name: `${source.name} ${index}`, ...data }), index };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { index, problem: error };
    }
  }
}

/** Whether an episode cannot be learned from. */
export function isBad(episode: Episode | BadEpisode): episode is BadEpisode {
  return 'problem' in episode;
}
