/**
 * A signal that is aborted by Ctrl-C or a request to terminate, so that a run can write its checkpoint.
 * A second Ctrl-C ends the process at once. `release` gives the signals back.
 */
export function interruption(say: (line: string) => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    say('interrupting: writing a checkpoint (once more to stop at once)');
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const release = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  return { signal: controller.signal, release };
}
