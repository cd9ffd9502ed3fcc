import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port';
import { Keeper } from './keeper';

/** How a server of some kind is started and asked. */
export interface ServerKind {
  /** Whose processes the server's are, where they may not be this process's own. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Puts into the folder what stands there before the first start. */
  prepare(folder: string): void;
  /** Program and arguments. */
  command(folder: string, port: number): readonly [string, readonly string[]];
  /** Resolves when the server answers. */
  ask(port: number): Promise<void>;
  /** What asks the server to end in order, with what it holds on disk. */
  readonly stopSignal: NodeJS.Signals;
}

/** Milliseconds a server may take to answer, or to start again. */
const patience = 60_000;

/** A server on a free port of this machine alone, with a folder of its own; it ends when this process does, however that ends. */
export class OwnServer {
  readonly folder: string;
  port = 0;
  private process: ChildProcess | undefined;
  private readonly keeper: Keeper;

  private constructor(
    private readonly kind: ServerKind,
    name: string,
  ) {
    this.folder = mkdtempSync(path.join(os.tmpdir(), `metaplast-${name}-`));
    this.keeper = new Keeper(this.folder);
  }

  /** @param name For the folder. */
  static async start(kind: ServerKind, name: string): Promise<OwnServer> {
    const server = new OwnServer(kind, name);
    try {
      kind.prepare(server.folder);
      for (let attempt = 0; ; attempt++) {
        server.port = await freePort();
        try {
          await server.launch();
          return server;
        } catch (error) {
          if (attempt === 4 || !/in use/i.test((error as Error).message)) throw error;
        }
      }
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** The process that listens; undefined while none does. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Ends in order; what it holds stays in its folder. */
  stop(): Promise<void> {
    return this.end(this.kind.stopSignal);
  }

  /** Ends at once, as if its machine failed; its folder stays as it is. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** On the same port, with the same folder; one that still works is stopped first. */
  async restart(): Promise<void> {
    await this.stop();
    // Processes of a killed one may hold its memory for a moment.
    for (const start = Date.now(); ; await wait(50)) {
      try {
        return await this.launch();
      } catch (error) {
        if (Date.now() - start > patience || !/in use/i.test((error as Error).message)) throw error;
      }
    }
  }

  /** Ends, and leaves nothing behind. */
  async remove(): Promise<void> {
    await this.kill();
    await this.keeper.close();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { process: running } = this;
    if (running === undefined) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }

  private async launch(): Promise<void> {
    const log = path.join(this.folder, 'log');
    const output = openSync(log, 'w');
    const [program, options] = this.kind.command(this.folder, this.port);
    const launched = spawn(program, options, {
      ...this.kind.user,
      cwd: this.folder,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    let failure: Error | undefined;
    launched.once('error', (error) => {
      failure = error;
    });
    launched.once('exit', () => {
      this.process = undefined;
      this.keeper.watch(undefined);
    });
    launched.unref();
    this.process = launched.pid === undefined ? undefined : launched;
    this.keeper.watch(launched.pid);
    for (const start = Date.now(); ; await wait(20)) {
      if (failure !== undefined) throw failure;
      if (this.process === undefined) throw new Error(`${program} ended: ${readFileSync(log, 'utf8')}`);
      try {
        return await this.kind.ask(this.port);
      } catch (error) {
        if (Date.now() - start > patience) throw error;
      }
    }
  }
}
