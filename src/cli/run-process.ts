import { runCommandLine } from './command-line';
import { processTerminal } from './terminal';

/**
 * Runs a command line as what this process is for, and sets its exit status. A reader of its output that leaves early (`| head -1`, a
 * `tee` that Ctrl-C ended first, a closed stderr) ends nothing: what a run is about lies in its files. Where stdout itself fails, such as
 * on a full disk, that is an error, which comes after those files are safe.
 */
export function runProcess(argv: readonly string[]): void {
  let lost: Error | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost !== null) return;
    lost = error;
    process.stderr.write(
      `metaplast: Cannot write to stdout: ${error.message}. What was printed is not whole; the files of a run are.\n`,
    );
    process.exitCode ||= 1;
  });
  process.stderr.on('error', () => {}); // Nobody is there to be told.
  runCommandLine(argv, processTerminal).then((status) => {
    process.exitCode = status || (lost === null ? 0 : 1);
  });
}
