import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { InputError } from '../../src/core/errors';
import { decoded, messageOf, type PeerStep } from './peer-step';
import { type PeerTask, taskMessage } from './peer-task';

/** How a peer is started, and by how many threads it can take a step. */
interface Start {
  readonly command: string;
  readonly script: string;
  readonly threads: readonly number[];
  readonly install: string;
}

const starts = {
  torch: {
    // The system's Python, where Debian's python3-torch is, rather than one of the user's own.
    command: '/usr/bin/python3',
    script: 'peers/inner_step.py',
    threads: [1, 2],
    install: 'Debian: apt-get install python3-torch libopenblas0',
  },
  jax: {
    command: process.execPath,
    script: 'peers/inner-step.mjs',
    threads: [1], // Node has no Worker of the web's, without which jax-js has no threads
    install: 'npm ci',
  },
} satisfies Readonly<Record<string, Start>>;

export type PeerName = keyof typeof starts;
export const peerNames = Object.keys(starts) as readonly PeerName[];

/**
 * glibc gives large arrays back to the system behind each step, and takes them again: on some machines a peer's images then cost four times
 * as much in page faults as in arithmetic. Ours keeps its arrays; so may a peer. What the user has set goes before.
 */
const keptMemory = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25), // the most that it takes
  MALLOC_TRIM_THRESHOLD_: String(2 ** 31 - 1),
};

/** A peer that takes the same inner step, in a process that stays: asked in turn with our own trials. */
export class Peer {
  private readonly lines: AsyncIterator<string>;

  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    reader: Interface,
    private readonly errors: () => string,
    /** Its name and version. */
    readonly version: string,
    /** The numbers of threads that it can take a step by. */
    readonly threads: readonly number[],
  ) {
    this.lines = reader[Symbol.asyncIterator]();
  }

  /** @throws InputError where the peer cannot be started. */
  static async start(name: PeerName): Promise<Peer> {
    const { command, script, threads, install } = starts[name];
    // Idle threads of OpenMP do not spin.
    const env = { ...keptMemory, ...process.env, OMP_WAIT_POLICY: 'passive' };
    const child = spawn(command, [join(__dirname, script)], { env });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    const last = () => err.trim().split('\n').at(-1)!;
    child.once('error', (error) => {
      err += error.message;
    });
    const reader = createInterface({ input: child.stdout });
    const first = await Promise.race([once(reader, 'line'), once(reader, 'close').then(() => null)]);
    if (first === null) {
      throw new InputError({
        what: `The peer ${name} cannot be started`,
        got: last(),
        advice: `Install it (${install}), or leave it out of --peer`,
      });
    }
    const { version } = JSON.parse(first[0]) as { version: string };
    return new Peer(child, reader, last, version, threads);
  }

  /** Makes a step ready; gives its gradient at phi. */
  async open(name: string, step: PeerStep): Promise<Float64Array> {
    return decoded((await this.ask<{ gradient: string }>(messageOf(name, step))).gradient);
  }

  /** Milliseconds that one step takes, of what was opened last; behind some that are not measured. */
  async milliseconds(name: string, steps: number, threads: number, before = 1): Promise<number> {
    return (await this.ask<{ milliseconds: number }>({ step: name, steps, threads, before })).milliseconds;
  }

  /** Learns a whole task, whose step was opened last: milliseconds, and the meta-gradient by omega. */
  async learn(
    name: string,
    task: PeerTask,
    threads: number,
  ): Promise<{ readonly milliseconds: number; readonly metaGradient: Float64Array }> {
    const message = taskMessage(name, task, threads);
    const answer = await this.ask<{ milliseconds: number; metaGradient: string }>(message);
    return { ...answer, metaGradient: decoded(answer.metaGradient) };
  }

  private async ask<T>(message: object): Promise<T> {
    this.process.stdin.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await this.lines.next();
    if (!done) return JSON.parse(value) as T;
    throw new InputError({ what: `${this.version} has ended early`, got: this.errors() });
  }

  close(): void {
    this.process.stdin.end();
  }
}
