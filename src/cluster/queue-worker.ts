import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { MetaplastError } from '../core/errors';
import { type TaskPool, taskPool } from '../learning/workers/task-pool';
import type { Exchange } from './exchange';
import { HeldOffer, type HeldOfferOptions } from './held-offer';
import { beat, offerKeys, workerKeys, workerLife } from './keys';
import { fileChecksum, readOffer } from './offer';
import { ownCode } from './own-code';
import { removeAbandoned } from './remove-abandoned';
import { joined, type WorkerCard } from './worker-card';

export interface QueueWorkerOptions extends Pick<HeldOfferOptions, 'exchange' | 'threads' | 'lock'> {
  /** Paths of the user's own files that it may load. */
  readonly files: readonly string[];
  /** Seconds without a run to learn for, behind which it ends. Default: it stays. */
  readonly idle?: number;
  /** Shows people a line. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds from one look for new runs to the next. */
const lookEvery = 500;

/** Learns tasks for any run that announces itself, until it is interrupted; tasks under way are then done first. @returns tasks learned. */
export async function workOnQueue(options: QueueWorkerOptions): Promise<number> {
  await checkClock(options);
  const own = new Map(options.files.map((file) => [fileChecksum(file), file]));
  const worker = new QueueWorker(options, own, await taskPool(options.threads));
  return worker.work();
}

/** @throws MetaplastError where locks would be judged by a clock that is wrong: tasks of living workers would be taken from them. */
async function checkClock({ exchange, lock }: QueueWorkerOptions): Promise<void> {
  const skew = await exchange.clockSkew();
  const most = lock / 4;
  if (Math.abs(skew) <= most) return;
  throw new MetaplastError({
    what: `The clock of this machine is ${Math.abs(skew).toFixed(1)} s ${skew > 0 ? 'ahead of' : 'behind'} that of the queue's server`,
    legal: `up to ${most} s, a quarter of --lock`,
    advice: 'Set it by NTP, as that of the server; or take a longer --lock',
  });
}

class QueueWorker {
  private readonly key = `${workerKeys}${randomBytes(6).toString('hex')}`;
  private readonly held = new Map<string, HeldOffer>();
  /** By offer: `joined`, or why not. */
  private readonly offers = new Map<string, string>();
  private tasks = 0;
  private readonly exchange: Exchange;

  constructor(
    private readonly options: QueueWorkerOptions,
    private readonly own: ReadonlyMap<string, string>,
    private readonly pool: TaskPool,
  ) {
    this.exchange = options.exchange;
  }

  async work(): Promise<number> {
    const { signal, idle = Infinity } = this.options;
    let [announced, needed] = [-Infinity, performance.now()];
    // Of runs that were over before it came.
    await removeAbandoned(this.exchange);
    try {
      while (!signal.aborted) {
        const hasChanged = await this.look();
        const now = performance.now();
        if (hasChanged || now - announced >= beat * 1000) {
          await this.announce();
          announced = now;
        }
        if (this.held.size > 0) needed = now;
        if (now - needed >= idle * 1000) break;
        await wait(lookEvery, undefined, { signal }).catch(() => {});
      }
    } finally {
      await this.exchange.store.remove([this.key]);
      const there = await this.exchange.store.announced(offerKeys);
      for (const [id, offer] of this.held) await offer.leave(!there.has(offerKeys + id));
    }
    return this.tasks;
  }

  /** Joins new runs, and leaves those that are gone. @returns Whether there were any. */
  private async look(): Promise<boolean> {
    const found = await this.exchange.store.announced(offerKeys);
    const there = new Map([...found].map(([key, bytes]) => [key.slice(offerKeys.length), bytes]));
    const gone = [...this.offers.keys()].filter((id) => !there.has(id));
    for (const id of gone) {
      this.offers.delete(id);
      await this.leave(id);
    }
    // Whether or not this worker has learned for them.
    if (gone.length > 0) await removeAbandoned(this.exchange);
    let hasChanged = gone.length > 0;
    for (const [id, bytes] of there) {
      if (this.offers.has(id) || this.options.signal.aborted) continue;
      hasChanged = true;
      this.offers.set(id, await this.join(id, bytes));
    }
    return hasChanged;
  }

  /** @returns `joined`, or why not. */
  private async join(id: string, bytes: Buffer): Promise<string> {
    const { exchange, threads, lock, say } = this.options;
    try {
      const offer = readOffer(bytes);
      const done = (tasks: number): void => {
        this.tasks += tasks;
      };
      const { own, pool } = this;
      this.held.set(id, await HeldOffer.join(id, offer, { exchange, threads, lock, own, pool, done }));
      say(
        `learning for ${offer.host}, process ${offer.pid}: ${offer.likeness.method}, ${offer.weights} weights`,
      );
      return joined;
    } catch (error) {
      const why = (error as Error).message;
      say(`a run cannot be learned for. ${why}`);
      return why;
    }
  }

  private async leave(id: string): Promise<void> {
    const offer = this.held.get(id);
    if (offer === undefined) return;
    this.held.delete(id);
    await offer.leave(true);
    this.options.say(`a run has ended; ${this.tasks} tasks learned by now`);
  }

  private async announce(): Promise<void> {
    const card: WorkerCard = {
      host: os.hostname(),
      pid: process.pid,
      threads: this.options.threads,
      version: ownCode().version,
      offers: Object.fromEntries(this.offers),
    };
    await this.exchange.store.announce(this.key, Buffer.from(JSON.stringify(card)), workerLife);
  }
}
