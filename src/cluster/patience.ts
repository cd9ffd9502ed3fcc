import { setTimeout as wait } from 'node:timers/promises';
import { interrupted } from '../core/interruption';

/** Milliseconds. */
const [firstPause, longestPause, silence] = [100, 2000, 3000];

/** Codes of errors by which a connection is gone, or its server not there for now: of the system, of PostgreSQL, of Redis. */
const passing =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|57P0[123]|08\w{3}|53300|LOADING|NR_CLOSED)$/;
const passingText =
  /connection (is |was )?(terminated|closed|ended|lost)|terminated unexpectedly|not queryable|stream isn't writeable|the database system is|server closed the connection|connection timeout|^LOADING |^MASTERDOWN |client was closed/i;

const isPassing = (error: unknown): boolean => {
  const { code, message } = error as { code?: unknown; message?: string };
  return passing.test(String(code)) || passingText.test(message ?? '');
};

/** What is asked of a server that may be started again at any moment: tries on, and says so. */
export class Patience {
  private readonly ended = new AbortController();
  /** Since when the server could not be reached; null while it can. */
  private since: number | null = null;
  private isSaid = false;

  constructor(
    private readonly shown: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Does it, again and again while the server cannot be reached. @throws what it throws for any other reason; Interruption after `end`. */
  async keepTrying<Result>(ask: () => Promise<Result>): Promise<Result> {
    for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
      if (this.ended.signal.aborted) throw interrupted();
      try {
        const result = await ask();
        this.isBack();
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.heard(error as Error);
        await wait(pause, undefined, { signal: this.ended.signal }).catch(() => {});
      }
    }
  }

  /** An error of a connection that comes back by itself. */
  heard(error: Error): void {
    if (!isPassing(error) && !this.ended.signal.aborted) return;
    this.since ??= performance.now();
    if (this.isSaid || performance.now() - this.since < silence) return;
    this.isSaid = true;
    this.say(`the queue at ${this.shown} cannot be reached (${error.message}); it is tried on`);
  }

  /** Nothing is tried any more. */
  end(): void {
    this.ended.abort();
  }

  private isBack(): void {
    if (this.isSaid) this.say(`the queue at ${this.shown} is there again`);
    this.since = null;
    this.isSaid = false;
  }
}
