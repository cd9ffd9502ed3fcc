import { InputError } from '../core/errors';
import { RandomStream } from '../core/random';
import { lastValueFrom, take, toArray } from '../core/rxjs-parts';
import type { EpisodeSource } from '../data/episode-source';
import { type BadEpisode, type Episode, isBad, TaskStream } from '../tasks/task-stream';

/** Where tasks to be judged by come from. */
export interface TaskSetOptions {
  /** What they are called: `unseen`. */
  readonly kind: string;
  /** Each time they are drawn, from the first on. */
  readonly source: EpisodeSource;
  readonly random: RandomStream;
  /** How many are drawn. */
  readonly count: number;
  /** Hears of tasks that are left out. */
  readonly warn: (line: string) => void;
}

/** Bytes up to which tasks stay in memory; larger ones are drawn anew each time they are judged by. */
const mostKept = 64 * 1024 * 1024;

/** Tasks to be judged by, the same each time; those that cannot be learned from are left out. */
export class TaskSet {
  private constructor(
    /** How many there are. */
    readonly count: number,
    private readonly drawn: number,
    private readonly draw: () => TaskStream,
    private readonly kept: readonly Episode[] | null,
  ) {}

  /**
   * Draws them once. Those that cannot be learned from are left out with a warning.
   * @throws InputError where none is left.
   */
  static async open({ kind, source, random, count, warn }: TaskSetOptions): Promise<TaskSet> {
    const first = random.save();
    const draw = (): TaskStream => {
      const again = new RandomStream(random.name, '');
      again.restore(first);
      return new TaskStream({ source, random: again });
    };
    const stream = draw();
    let [good, drawn, bytes] = [0, 0, 0];
    let kept: Episode[] | null = [];
    for await (const episodes of inChunks(stream, count)) {
      drawn += episodes.length;
      for (const episode of episodes) {
        if (isBad(episode)) {
          warn(`${kind} task ${episode.index} was left out: ${episode.problem.message}`);
          continue;
        }
        good++;
        bytes += bytesOf(episode);
        if (bytes > mostKept) kept = null;
        kept?.push(episode);
      }
    }
    if (drawn < count) warn(`there are only ${drawn} ${kind} tasks, of ${count} asked for`);
    if (good > 0) return new TaskSet(good, drawn, draw, kept);
    throw new InputError({
      what: `There is no ${kind} task to judge by`,
      got: `${drawn} drawn, none of which can be learned`,
      advice: 'Check what the source of tasks samples',
    });
  }

  /** All of them, some at a time. */
  async *chunks(): AsyncGenerator<readonly Episode[]> {
    if (this.kept !== null) return yield this.kept;
    for await (const episodes of inChunks(this.draw(), this.drawn)) {
      const good = episodes.filter((episode): episode is Episode => !isBad(episode));
      if (good.length > 0) yield good;
    }
  }

  /** The first so many; fewer where there are not as many. */
  async first(count: number): Promise<Episode[]> {
    const found: Episode[] = [];
    for await (const episodes of this.chunks()) {
      found.push(...episodes.slice(0, count - found.length));
      if (found.length >= count) break;
    }
    return found;
  }
}

const chunk = 16;

/** The next tasks of a stream, good and bad, up to so many; fewer where it ends. */
async function* inChunks(
  stream: TaskStream,
  count: number,
): AsyncGenerator<readonly (Episode | BadEpisode)[]> {
  for (let taken = 0; taken < count; ) {
    const wanted = Math.min(chunk, count - taken);
    const episodes = await lastValueFrom(stream.episodes$.pipe(take(wanted), toArray()));
    if (episodes.length > 0) yield episodes;
    taken += episodes.length;
    if (episodes.length < wanted) return;
  }
}

const bytesOf = ({ train, heldOut }: Episode): number =>
  [train.x, train.y, heldOut.x, heldOut.y].reduce((sum, { byteLength }) => sum + byteLength, 0);
