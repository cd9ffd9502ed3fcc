import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Reads the number of the process to end, line by line, until whoever writes them closes, or is no more. */
const script = [
  'while read -r line; do server=$line; done',
  // A killed server's own processes may write for a moment yet.
  'if [ -n "$server" ]; then kill -KILL "$server"; sleep 0.5; fi',
  'rm -rf "$1"',
].join('\n');

/** A process that outlives this one, however this one ends, to end a server and remove its folder. */
export class Keeper {
  private readonly shell: ChildProcess;

  constructor(folder: string) {
    // A group of its own: what interrupts this process's group leaves it alone.
    this.shell = spawn('sh', ['-c', script, 'keeper', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.shell.unref();
    (this.shell.stdin as unknown as { unref(): void }).unref();
  }

  /** @param pid Of the process to end; undefined: there is none at the moment. */
  watch(pid: number | undefined): void {
    this.shell.stdin!.write(`${pid ?? ''}\n`);
  }

  /** Ends what it watches, and removes the folder. */
  async close(): Promise<void> {
    this.shell.ref();
    const closed = once(this.shell, 'exit');
    this.shell.stdin!.end();
    await closed;
  }
}
