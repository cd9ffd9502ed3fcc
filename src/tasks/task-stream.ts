import type { Subscriber } from 'rxjs';
import { z } from 'zod';
import { wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import { nextTurn } from '../core/next-turn';
import { checkStreamState, type RandomStream, randomStreamSchema, type StreamState } from '../core/random';
import { Observable } from '../core/rxjs-parts';
import { hasFields, made, validate } from '../core/validate';
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

/** Where a stream's tasks come from. */
export interface TaskStreamOptions {
  readonly source: EpisodeSource;
  /** Where the tasks are drawn from; its state is part of the stream's. */
  readonly random: RandomStream;
  /** How many tasks there are. Default: endless. */
  readonly count?: number;
}

/** Where a stream of tasks stands: what it needs to go on with the same tasks. */
export interface TaskStreamState {
  drawn: number;
  random: StreamState;
  /** Of the source's data, where it has one. */
  checksum?: string;
}

const streamOptions = z.strictObject({
  source: made<EpisodeSource>(
    'a source of tasks: an object with a name and sample(stream), such as sinusoids()',
    (value) => hasFields(value, { name: 'string', sample: 'function' }),
  ),
  random: randomStreamSchema,
  count: z.union([z.int().min(1), z.literal(Infinity)]).optional(),
});

const longestWithoutPause = 20; // milliseconds

/** So many tasks in a row that cannot be learned from, and the source has no others, as far as anybody can tell. */
const mostBadInARow = 1000;

/** An ordered course of tasks, each drawn when it is asked for, so that a stream without end costs no memory. */
export class TaskStream {
  private drawn = 0;
  private ended = false;
  private badInARow = 0;
  private readonly count: number;

  /** @throws InputError where an option is not legal. */
  constructor(private readonly options: TaskStreamOptions) {
    validate(streamOptions, options, 'the options of a TaskStream');
    this.count = options.count ?? Infinity;
  }

  /** Tasks drawn so far. */
  get position(): number {
    return this.drawn;
  }

  /**
   * Episodes from where the stream is, good and bad, drawn one by one as the subscriber takes them: `take(16)` draws
   * sixteen. Completes where the stream ends; ends with an error where a thousand in a row are bad. They come at once, with a pause
   * every few milliseconds, so that timers are heard, and what a subscriber throws.
   */
  get episodes$(): Observable<Episode | BadEpisode> {
    return new Observable((subscriber) => this.draw(subscriber));
  }

  /** Gives the subscriber episodes until it has enough. */
  private draw(subscriber: Subscriber<Episode | BadEpisode>): void {
    const begin = performance.now();
    while (!subscriber.closed) {
      if (performance.now() - begin > longestWithoutPause) {
        subscriber.add(nextTurn(() => this.draw(subscriber)));
        return;
      }
      const episode = this.next();
      if (episode === null) {
        subscriber.complete();
        return;
      }
      this.badInARow = isBad(episode) ? this.badInARow + 1 : 0;
      subscriber.next(episode);
      if (isBad(episode) && this.badInARow >= mostBadInARow) subscriber.error(this.noGoodTask(episode));
    }
  }

  private noGoodTask({ problem }: BadEpisode): InputError {
    return new InputError({
      what: `None of the last ${mostBadInARow} tasks of "${this.options.source.name}" can be learned from. The last one: ${problem.message}`,
      advice: 'Mend the source of the tasks',
    });
  }

  /** Where the stream stands. */
  save(): TaskStreamState {
    const { source, random } = this.options;
    const known = source.checksum === undefined ? {} : { checksum: source.checksum };
    return { drawn: this.drawn, random: random.save(), ...known };
  }

  /** @throws InputError where it is no state of a stream; then nothing has changed. */
  restore(state: TaskStreamState): void {
    this.check(state);
    this.drawn = state.drawn;
    this.ended = false;
    this.options.random.restore(state.random);
  }

  /** @throws InputError where `restore` would. */
  check({ drawn, random, checksum }: TaskStreamState): void {
    const { source } = this.options;
    if (checksum !== source.checksum) {
      throw new InputError({
        what: `The data of "${source.name}" are not those that the stream began with`,
        advice: 'Put them back as they were, or begin anew',
      });
    }
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
  return (episode as Partial<BadEpisode> | undefined)?.problem !== undefined;
}
