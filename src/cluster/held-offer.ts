import { MetaplastError } from '../core/errors';
import { closed, interrupted, type LearnerSetting, type Likeness } from '../learning/workers/message';
import type { TaskPool } from '../learning/workers/task-pool';
import { sharedArray } from '../learning/workers/thread-host';
import type { Closable, Exchange } from './exchange';
import {
  answerBlob,
  blobKey,
  lostWords,
  readQueuedJob,
  readRoundValues,
  readTaskJob,
  resultKey,
  sumIn,
} from './job';
import { blobLife, queueNameOf } from './keys';
import { learnerOf, type Offer } from './offer';

export interface HeldOfferOptions {
  readonly exchange: Exchange;
  readonly pool: TaskPool;
  readonly threads: number;
  /** Seconds for which a job is this worker's, renewed while it works. */
  readonly lock: number;
  /** The user's own files that are here, by checksum. */
  readonly own: ReadonlyMap<string, string>;
  /** Called with the tasks of each job that was done. */
  readonly done: (tasks: number) => void;
}

/** What the jobs of a round have in common. */
type RoundSetting = Pick<LearnerSetting, 'round' | 'slow' | 'start'>;

/** For jobs that learn nothing. */
const noRound: RoundSetting = { round: -1, slow: {}, start: new Float64Array(0) };

let held = 0;

/** A learner of a run elsewhere, whose jobs are done here, in threads, so that this one is free to renew their locks. */
export class HeldOffer {
  private readonly setting: Omit<LearnerSetting, keyof RoundSetting>;
  /** Slow variables by checksum, in memory that threads share: of two rounds, since jobs of one may be under way when the next begins. */
  private readonly rounds = new Map<string, Promise<RoundSetting>>();
  private nextRound = 0;
  private taking: Closable | null = null;

  private constructor(
    private readonly id: string,
    private readonly offer: Offer,
    description: string,
    private readonly options: HeldOfferOptions,
  ) {
    this.setting = { id: held++, description, control: new Int32Array(new SharedArrayBuffer(8)) };
  }

  /**
   * Makes the learner, compares it with that of the run, and begins to take jobs.
   * @throws MetaplastError where it cannot be made here, or another one was made; what making it throws.
   */
  static async join(id: string, offer: Offer, options: HeldOfferOptions): Promise<HeldOffer> {
    const joined = new HeldOffer(id, offer, learnerOf(offer, options.own), options);
    try {
      await joined.checkLikeness();
      const { exchange, threads, lock } = options;
      const work = (key: string, data: unknown) => joined.perform(key, data);
      joined.taking = await exchange.work(queueNameOf(id), work, { atOnce: threads, lock });
      return joined;
    } catch (error) {
      await joined.giveBack();
      throw error;
    }
  }

  /**
   * Takes no more jobs.
   * @param isGone whether the run is gone, so that nobody waits for those under way: they are given up, and what is left of the queue is removed
   */
  async leave(isGone: boolean): Promise<void> {
    if (isGone) Atomics.store(this.setting.control, interrupted, 1);
    await this.taking?.close();
    await this.giveBack();
    // The run has removed it; but as long as somebody takes jobs of it, parts of it come again.
    if (isGone) await this.options.exchange.removeQueue(queueNameOf(this.id));
  }

  private async giveBack(): Promise<void> {
    Atomics.store(this.setting.control, closed, 1);
    const sweep = () =>
      this.options.pool.ask({ setting: { ...this.setting, ...noRound }, job: { kind: 'sweep' } });
    await Promise.all(Array.from({ length: this.options.threads }, sweep)).catch(() => {}); // a thread that has ended holds nothing
  }

  private async checkLikeness(): Promise<void> {
    const answer = await this.options.pool.ask({
      setting: { ...this.setting, ...noRound },
      job: { kind: 'open' },
    });
    const here = (answer as { opened: Likeness }).opened;
    const there = this.offer.likeness;
    const names = Object.keys(there) as (keyof Likeness)[];
    const differing = names.filter((name) => here[name] !== there[name]);
    if (differing.length === 0) return;
    throw new MetaplastError({
      what: `This worker makes another learner than the run: they differ in ${differing.join(', ')}`,
      got: differing.map((name) => here[name]).join(', '),
      legal: differing.map((name) => there[name]).join(', '),
      advice: differing.includes('arithmetic')
        ? 'Run with --blas wasm, whose arithmetic is the same on every machine'
        : 'Take the same files on both sides',
    });
  }

  /** Does a job, and keeps what it came to. Done twice, it comes to the same. @returns the answer's checksum. */
  private async perform(key: string, data: unknown): Promise<string> {
    const { exchange, pool, done } = this.options;
    const queued = readQueuedJob(data);
    const result = resultKey(key);
    const [known, tasks] = await exchange.store.get([result, blobKey(queued.tasks)]);
    if (known != null) return known.toString('utf8');
    const job = readTaskJob(checked(tasks, queued.tasks));
    const setting = { ...this.setting, ...(await this.roundOf(queued.values)) };
    const answer = await pool.ask({ setting, job });
    if (Atomics.load(this.setting.control, interrupted) === 1) throw new Error('the run is gone');
    const { sum, bytes } = answerBlob(answer);
    await exchange.store.put(blobKey(sum), bytes, blobLife);
    await exchange.store.put(result, Buffer.from(sum), blobLife);
    done(job.episodes.length);
    return sum;
  }

  /** Slow variables of a round, fetched once. */
  private roundOf(checksum: string): Promise<RoundSetting> {
    let round = this.rounds.get(checksum);
    if (round === undefined) {
      round = this.fetchRound(checksum);
      this.rounds.set(checksum, round);
      round.catch(() => this.rounds.delete(checksum));
      if (this.rounds.size > 2) this.rounds.delete(this.rounds.keys().next().value!);
    }
    return round;
  }

  private async fetchRound(checksum: string): Promise<RoundSetting> {
    const number = this.nextRound++;
    const [bytes] = await this.options.exchange.store.get([blobKey(checksum)]);
    const { lengths, weights } = this.offer;
    const { slow, start } = readRoundValues(checked(bytes, checksum), lengths, weights);
    const shared = Object.entries(slow).map(([name, values]) => [name, inSharedMemory(values)]);
    return { round: number, slow: Object.fromEntries(shared), start: inSharedMemory(start) };
  }
}

/** @throws MetaplastError where there are no such bytes, or others; decoding them looks whether they were changed. */
function checked(bytes: Buffer | null | undefined, checksum: string): Buffer {
  if (bytes != null && sumIn(bytes) === checksum) return bytes;
  throw new MetaplastError({
    what: bytes == null ? lostWords : 'What a job is about was changed on its way',
    got: checksum.slice(0, 12),
  });
}

function inSharedMemory(values: Float64Array): Float64Array {
  const shared = sharedArray(values.length);
  shared.set(values);
  return shared;
}
