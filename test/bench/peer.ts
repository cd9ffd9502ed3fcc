import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { InputError } from '../../src/core/errors';

/** The system's Python, where Debian's python3-torch is, rather than one of the user's own. */
const python = '/usr/bin/python3';

/** A peer that takes the same inner step, in a process that stays: asked in turn with our own trials. */
export class Peer {
  private readonly lines: AsyncIterator<string>;

  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    reader: Interface,
    /** Its name and version. */
    readonly version: string,
  ) {
    this.lines = reader[Symbol.asyncIterator]();
  }

  /** @throws InputError where the peer cannot be started. */
  static async torch(): Promise<Peer> {
    const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...rest } = process.env;
    // Without these, OpenBLAS chooses its kernels for this machine, and idle threads do not spin.
    const env = { ...rest, OMP_WAIT_POLICY: 'passive' };
    const child = spawn(python, [join(__dirname, 'peers/inner_step.py')], { env });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    const reader = createInterface({ input: child.stdout });
    const first = await Promise.race([once(reader, 'line'), once(reader, 'close').then(() => null)]);
    if (first === null) {
      throw new InputError({
        what: 'The peer cannot be started',
        got: err.trim().split('\n').at(-1),
        advice: 'Install it (Debian: apt-get install python3-torch libopenblas0), or leave out --peer',
      });
    }
    return new Peer(child, reader, `PyTorch ${(JSON.parse(first[0]) as { torch: string }).torch}`);
  }

  /** Milliseconds that one step of a work takes. */
  async milliseconds(work: string, steps: number, threads: number): Promise<number> {
    this.process.stdin.write(`${JSON.stringify({ work, steps, threads })}\n`);
    const { value } = await this.lines.next();
    return (JSON.parse(value) as { milliseconds: number }).milliseconds;
  }

  close(): void {
    this.process.stdin.end();
  }
}
