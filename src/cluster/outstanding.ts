import { MetaplastError } from '../core/errors';
import { interrupted } from '../core/interruption';
import type { Answer } from '../learning/workers/message';
import type { EndedJob, Exchange } from './exchange';
import { type Blob, blobKey, lostWords, type QueuedJob, readAnswer, resultKey } from './job';

/** A job that is under way. */
interface UnderWay {
  readonly job: QueuedJob;
  /** What it is about: put there again, where the server has lost it. */
  readonly blobs: readonly Blob[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  /** How often it was lost. */
  losses: number;
  /** Whether it is in the queue, as far as is known. */
  isAdded: boolean;
}

/** The queue that jobs go to. */
export interface JobsOfQueue {
  /** @param isAgain whether the server may have lost the blobs too */
  add(key: string, job: QueuedJob, blobs: readonly Blob[], isAgain: boolean): Promise<void>;
  /** Those that wait, or that somebody works on. */
  queued(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** A job that is lost more often than servers are started again is lost for a reason. */
const mostLosses = 20;

/** Jobs of a run that nobody has answered yet. An answer comes by an event; where that was missed, since the server was away, it is found by looking. */
export class Outstanding {
  private readonly jobs = new Map<string, UnderWay>();

  constructor(
    private readonly exchange: Exchange,
    private readonly queue: JobsOfQueue,
  ) {}

  /** Has a job done. @throws what came of it, or of asking for it. */
  ask(key: string, job: QueuedJob, blobs: readonly Blob[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const underWay: UnderWay = { job, blobs, resolve, reject, losses: 0, isAdded: false };
      this.jobs.set(key, underWay);
      this.begin(key, underWay).catch((error) => this.fail(key, error));
    });
  }

  private async begin(key: string, underWay: UnderWay): Promise<void> {
    // A run that died and goes on finds what was done for it meanwhile.
    if (await this.answered([key])) return;
    await this.queue.add(key, underWay.job, underWay.blobs, false);
    underWay.isAdded = true;
  }

  /** Somebody has done a job. */
  async ended({ key, returned, failure }: EndedJob): Promise<void> {
    if (!this.jobs.has(key)) return; // done twice, or for another one
    if (returned !== null) return this.take(key, returned);
    if (failure?.includes(lostWords)) return this.addAgain(key);
    // The last of several attempts, by whichever worker.
    const what = `Workers have tried a job several times, and failed: ${failure}`;
    this.fail(key, new MetaplastError({ what, advice: 'What each worker prints says more' }));
  }

  /** Looks for answers that no event has reported. */
  async lookForAnswers(): Promise<void> {
    const keys = this.added();
    if (keys.length > 0) await this.answered(keys);
  }

  /** Adds jobs again that the server has lost. */
  async lookForLosses(): Promise<void> {
    const keys = this.added();
    if (keys.length === 0) return;
    const queued = await this.queue.queued(keys);
    // In this order: what is done is no job of the queue any more.
    await this.answered(keys);
    for (const key of keys) {
      if (!queued.has(key)) await this.addAgain(key);
    }
  }

  /** What the server has lost: the job, or what it is about. */
  private async addAgain(key: string): Promise<void> {
    const underWay = this.jobs.get(key);
    if (underWay === undefined) return;
    if (underWay.losses++ < mostLosses) return this.queue.add(key, underWay.job, underWay.blobs, true);
    const advice = 'Let the server keep what it is given: maxmemory-policy noeviction, in Redis';
    this.fail(key, new MetaplastError({ what: `A job was lost by the queue ${mostLosses} times`, advice }));
  }

  private added(): string[] {
    return [...this.jobs].filter(([, { isAdded }]) => isAdded).map(([key]) => key);
  }

  /** Ends all that is under way, as interrupted. */
  interrupt(): void {
    for (const key of [...this.jobs.keys()]) this.fail(key, interrupted());
  }

  /** Whether all of these are answered now. */
  private async answered(keys: readonly string[]): Promise<boolean> {
    const results = await this.exchange.store.get(keys.map(resultKey));
    await Promise.all(
      results.map((found, i) => (found === null ? null : this.take(keys[i]!, found.toString('utf8')))),
    );
    return keys.every((key) => !this.jobs.has(key));
  }

  /** Takes the answer that is kept under a checksum; where it was lost, the job is looked for, and added again. */
  private async take(key: string, checksum: string): Promise<void> {
    const [bytes] = await this.exchange.store.get([blobKey(checksum)]);
    const underWay = this.jobs.get(key);
    if (underWay === undefined) return;
    let answer: Answer;
    try {
      if (bytes == null) throw new Error('the answer was lost');
      answer = readAnswer(bytes);
    } catch {
      // Lost, or changed on the way: it is done again, and not found done.
      await this.exchange.store.remove([blobKey(checksum), resultKey(key)]);
      return;
    }
    this.jobs.delete(key);
    underWay.resolve(answer);
  }

  private fail(key: string, error: Error): void {
    const underWay = this.jobs.get(key);
    this.jobs.delete(key);
    underWay?.reject(error);
  }
}
