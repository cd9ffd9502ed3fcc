/**
 * Errors that nobody can catch while a scenario runs: what its own subscriber throws, RxJS throws again outside of everything. The first
 * one aborts `signal`, so that the run ends where it can be gone on with; whoever closes is told of it.
 */
export class UncaughtErrors {
  private readonly controller = new AbortController();
  private first: { readonly error: unknown } | null = null;
  /** Aborted by the given signal too. */
  readonly signal: AbortSignal;

  constructor(given: AbortSignal) {
    this.signal = AbortSignal.any([given, this.controller.signal]);
    process.on('uncaughtException', this.hear);
    process.on('unhandledRejection', this.hear);
  }

  /** The first of them, if any; what was thrown a moment ago is waited for. */
  async caught(): Promise<{ readonly error: unknown } | null> {
    // RxJS throws from a timer.
    await new Promise((resolve) => setTimeout(resolve, 1));
    return this.first;
  }

  close(): void {
    process.off('uncaughtException', this.hear);
    process.off('unhandledRejection', this.hear);
  }

  private readonly hear = (error: unknown): void => {
    this.first ??= { error };
    this.controller.abort();
  };
}
