import { asyncScope } from '../core/async-scope';
import { ClosedError, InputError, Interruption } from '../core/errors';
import { SerialQueue } from '../core/serial-queue';

/** Whose turns the code that asks is part of. */
const within = asyncScope<readonly Turns[]>();

/** Calls those who listen: no turn waits for what they ask for, so that it may wait for the turn. */
export function outsideTurns<Result>(call: () => Result): Result {
  return within.run([], call);
}

/**
 * What changes a learner's state takes turns: what is asked for meanwhile waits, so that the numbers are those of one after the other.
 * `close` interrupts the turn that is going on.
 */
export class Turns {
  private readonly queue: SerialQueue;
  /** What was given out and is not over. */
  private readonly pending = new Set<Promise<unknown>>();
  private current: AbortController | null = null;

  /** @param who what errors call it, such as `The simulation` */
  constructor(private readonly who: string) {
    this.queue = new SerialQueue(who);
  }

  /** Whether a turn is going on, or waits. */
  get busy(): boolean {
    return this.queue.busy;
  }

  /** @throws ClosedError after `close`. */
  checkOpen(name: string): void {
    if (this.queue.closed) throw new ClosedError(this.who, name);
  }

  /**
   * Does the work in its turn, with a signal that both the caller's signal and `close` abort.
   * @param name the method that was called, for errors
   * @throws (by its promise) ClosedError after `close`; InputError where the turn that is going on waits for what asks, or where the
   * signal is none; Interruption where the signal is aborted before the turn begins, or `close` is called before it ends.
   */
  take<Result>(
    name: string,
    work: (signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      this.checkOutside(name);
      checkSignal(name, signal);
    } catch (error) {
      return Promise.reject(error);
    }
    const turn = this.queue.add(name, () => this.perform(name, work, signal));
    const given = turn.then((result) => result);
    const over = (): boolean => this.pending.delete(given);
    this.pending.add(given);
    turn.then(over, over);
    return given;
  }

  /**
   * Refuses what is asked for from now on, interrupts what is going on and what waits, and then ends. A second time it does nothing.
   * @throws (by its promise) InputError where the turn that is going on waits for what asks.
   */
  close(end: () => Promise<void>): Promise<void> {
    try {
      this.checkOutside('close');
    } catch (error) {
      return Promise.reject(error);
    }
    const closing = this.queue.close(end);
    this.hush();
    this.current?.abort();
    return closing;
  }

  private async perform<Result>(
    name: string,
    work: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    if (this.queue.closed) throw this.interruption(name);
    if (signal?.aborted) throw new Interruption({ what: `${name}() was interrupted before it began` });
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    signal?.addEventListener('abort', abort);
    this.current = controller;
    try {
      return await within.run([...outer(), this], () => work(controller.signal));
    } catch (error) {
      // Closed from below, by whoever has opened what this learner works with.
      if (error instanceof ClosedError) this.hush();
      throw this.queue.closed && error instanceof Interruption ? this.interruption(name) : error;
    } finally {
      this.current = null;
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Nobody needs to hear what closing has ended: that is no error which ends the process. */
  private hush(): void {
    for (const given of this.pending) given.catch(() => {});
  }

  private interruption(name: string): Interruption {
    return new Interruption({ what: `${this.who} was closed before its ${name}() was done` });
  }

  private checkOutside(name: string): void {
    if (!outer().includes(this)) return;
    throw new InputError({
      what: `${name}() was called by what ${this.who.toLowerCase()} is waiting for, so that each would wait for the other`,
      advice: 'Call it from outside, or from a listener to events$, for which nothing waits',
    });
  }
}

const outer = (): readonly Turns[] => within.getStore() ?? [];

/** @throws InputError where it is no signal. */
function checkSignal(name: string, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function') return;
  throw new InputError({
    what: `The signal of ${name}() is none`,
    got: signal,
    legal: 'an AbortSignal',
    advice: 'Take `new AbortController().signal`, or leave it out',
  });
}
