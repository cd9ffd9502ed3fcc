import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { sha256 } from '../core/checksum';
import { errorOf } from '../core/error-data';
import type { Answer, Job } from '../learning/workers/message';
import type { HostedLearner, JobSizes, RoundValues, TaskLink } from '../learning/workers/task-host';
import { Crew } from './crew';
import type { Closable, EndedJob, Exchange, JobQueue } from './exchange';
import { type Blob, blobKey, blobOf, jobKey, type QueuedJob, resultKey } from './job';
import { beat, blobLife, offerKeys, offerLife, queueKeys, queueLife, queueNameOf } from './keys';
import { offerOf } from './offer';
import { Outstanding } from './outstanding';

/** Milliseconds from one look for lost jobs to the next, and for answers that no event has reported. */
const [lookEvery, answersEvery] = [2000, 50];
/** Seconds without a worker, behind which that is said. */
const alone = 3;
/** Jobs that wait in the queue, at least and at most: memory of the server, and of this process. */
const [fewestJobs, mostJobs] = [16, 512];
/** Milliseconds that the tasks of a job take together: what a job costs is a tenth of it or less. */
const longest = 30;

/** One learner's jobs in a queue of its own. */
export class QueueLink implements TaskLink {
  readonly sizes: JobSizes;
  private readonly crew: Crew;
  private readonly outstanding: Outstanding;
  /** The values of this round. */
  private values: Blob | null = null;
  /** Keys of this round, to be removed behind it. */
  private readonly left = new Set<string>();
  private readonly parts: Closable[] = [];
  private readonly ended = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  private constructor(
    private readonly exchange: Exchange,
    private readonly id: string,
    private readonly offer: Buffer,
    private readonly learner: string,
    private readonly queue: JobQueue,
    private readonly say: (line: string) => void,
  ) {
    this.crew = new Crew(exchange, id, say);
    const { crew } = this;
    this.sizes = {
      get workers() {
        return crew.threads;
      },
      longest,
      underWay: () => Math.min(mostJobs, Math.max(fewestJobs, 2 * crew.threads)),
    };
    this.outstanding = new Outstanding(exchange, {
      add: (key, job, blobs, isAgain) => this.add(key, job, blobs, isAgain),
      queued: (keys) => queue.has(keys),
    });
  }

  /** @throws MetaplastError where the server cannot be used. */
  static async open(exchange: Exchange, learner: HostedLearner): Promise<QueueLink> {
    const id = randomBytes(8).toString('hex');
    const offer = offerOf(learner, { host: os.hostname(), pid: process.pid });
    const { host: _host, pid: _pid, ...what } = offer;
    const bytes = Buffer.from(JSON.stringify(offer));
    // In this order, so that no queue is there of which nothing tells whose it is.
    await exchange.store.announce(offerKeys + id, bytes, offerLife);
    await exchange.store.announce(queueKeys + id, Buffer.from('1'), queueLife);
    const queue = await exchange.queue(queueNameOf(id));
    const link = new QueueLink(exchange, id, bytes, sha256(JSON.stringify(what)), queue, learner.say);
    // Watched before anything is asked for, so that no answer is missed.
    const hear = (job: EndedJob) => link.hear(link.outstanding.ended(job));
    link.parts.push(await exchange.watch(queueNameOf(id), hear));
    link.watching = link.watch();
    return link;
  }

  async begin(values: RoundValues): Promise<void> {
    const { slow, start } = values;
    this.values = blobOf({ slow, start });
    await this.put(this.values);
  }

  async ask(job: Job): Promise<Answer> {
    const tasks = blobOf(job);
    const values = this.values!;
    const queued: QueuedJob = { values: values.sum, tasks: tasks.sum };
    const key = jobKey(this.learner, queued);
    this.left.add(resultKey(key));
    const answer = await this.outstanding.ask(key, queued, [values, tasks]);
    if ('failed' in answer) throw errorOf(answer.failed);
    return answer;
  }

  interrupt(): void {
    this.outstanding.interrupt();
  }

  /** What the round has left in the server is removed: at its end nobody needs it any more. */
  async end(): Promise<void> {
    this.outstanding.interrupt(); // those whose round has failed
    if (this.ended.signal.aborted) return;
    await this.queue.drain();
    const results = [...this.left].filter((key) => key.startsWith(resultKey('')));
    const found = await this.exchange.store.get(results);
    const answers = found.flatMap((sum) => (sum === null ? [] : [blobKey(sum.toString('utf8'))]));
    await this.exchange.store.remove([...this.left, ...answers]);
    this.left.clear();
  }

  async close(): Promise<void> {
    if (this.ended.signal.aborted) return;
    this.ended.abort();
    this.outstanding.interrupt();
    await this.watching;
    await this.exchange.store.remove([offerKeys + this.id]);
    for (const part of this.parts) await part.close();
    await this.queue.close();
    await this.exchange.removeQueue(queueNameOf(this.id));
    await this.exchange.store.remove([queueKeys + this.id]);
  }

  private announce(): Promise<void> {
    return this.exchange.store.announce(offerKeys + this.id, this.offer, offerLife);
  }

  /** Says that the run lives, looks who learns for it, and for what the server has lost. */
  private async watch(): Promise<void> {
    const { signal } = this.ended;
    let announced = performance.now();
    let lonely: number | null = performance.now();
    const pause = this.exchange.missesEvents ? answersEvery : lookEvery;
    let looked = performance.now();
    while (!signal.aborted) {
      await wait(pause, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.outstanding.lookForAnswers();
        if (performance.now() - looked < lookEvery) continue;
        looked = performance.now();
        if (performance.now() - announced >= beat * 1000) {
          await this.announce();
          announced = performance.now();
        }
        await this.crew.look();
        await this.outstanding.lookForLosses();
      } catch (error) {
        this.say(`warning: ${(error as Error).message}`);
      }
      if (this.crew.threads > 0) lonely = null;
      else lonely ??= performance.now();
      if (lonely !== null && performance.now() - lonely >= alone * 1000) {
        this.say(
          `no worker learns for this run yet. Start some, here or elsewhere:\n  metaplast worker --queue ${this.exchange.shown}`,
        );
        lonely = Infinity;
      }
    }
  }

  private async add(key: string, job: QueuedJob, blobs: readonly Blob[], isAgain: boolean): Promise<void> {
    await Promise.all(blobs.map((blob) => this.put(blob, isAgain)));
    await this.queue.add(key, job);
  }

  /** Once a round is enough, unless the server has lost it. */
  private async put({ sum, bytes }: Blob, isAgain = false): Promise<void> {
    const key = blobKey(sum);
    if (this.left.has(key) && !isAgain) return;
    this.left.add(key);
    await this.exchange.store.put(key, bytes, blobLife);
  }

  /** What is done on an event has nobody who waits for it. */
  private hear(done: Promise<void>): void {
    done.catch((error) => this.say(`warning: ${(error as Error).message}`));
  }
}
