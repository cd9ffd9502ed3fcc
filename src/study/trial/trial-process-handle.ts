import { type ChildProcess, fork } from 'node:child_process';
import { compiledFile } from '../../core/compiled-file';
import type { CodeCache } from './code-cache/code-cache';
import { lostStatus, type TrialEnd, type TrialOrder } from './trial-message';
import type { TrialReport } from './trial-process';

/** What a process told of itself last, in characters of its stderr. */
const keptOfStderr = 400;

/** How a trial's process ended, with what its computing took where it could tell. */
export interface EndedTrial {
  readonly end: TrialEnd;
  readonly seconds: number;
  readonly cpuSeconds?: number;
}

/** The process of a trial, as its worker holds it. */
export class TrialProcess {
  private readonly child: ChildProcess;
  private stderr = '';
  private report: TrialReport | null = null;
  readonly ended: Promise<EndedTrial>;

  /** @param code What it loads code from, or records it in; null for neither. */
  constructor(order: TrialOrder, code: CodeCache | null) {
    const begin = performance.now();
    const task = code?.nextTask() ?? null;
    this.child = fork(
      compiledFile('study/trial/trial-main.js', 'The processes of trials are not compiled'),
      task === null ? [] : [task],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc', task === null ? 'ignore' : code!.descriptor],
        execArgv: [],
      },
    );
    this.child.on('message', (message) => {
      this.report = message as TrialReport;
    });
    this.child.stderr!.on('data', (data) => {
      this.stderr = `${this.stderr}${data}`.slice(-keptOfStderr);
    });
    this.ended = new Promise((resolve) => {
      const finish = (end: TrialEnd): void => {
        if (task === 'record') code!.recordingEnded(this.report?.isCodeKept ?? false);
        resolve({ end, seconds: (performance.now() - begin) / 1000, cpuSeconds: this.report?.cpuSeconds });
      };
      this.child.once('error', (error) =>
        finish({ kind: 'crashed', error: `Its process could not be started: ${error.message}` }),
      );
      this.child.once('close', (status, signal) => finish(this.report?.end ?? this.endBy(status, signal)));
    });
    this.child.send(order, () => {}); // Where it has ended before, that is told anyway.
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to end with a checkpoint. */
  interrupt(): void {
    if (this.child.connected) this.child.send('interrupt', () => {});
  }

  /** Ends it at once. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private endBy(status: number | null, signal: NodeJS.Signals | null): TrialEnd {
    if (status === lostStatus) return { kind: 'lost' };
    const how =
      signal === null ? `ended with status ${status}` : `was killed by ${signal}${hints[signal] ?? ''}`;
    const said = this.stderr.trim();
    return { kind: 'crashed', error: `Its process ${how}${said === '' ? '' : `. It said last: ${said}`}` };
  }
}

const hints: Readonly<Record<string, string>> = {
  SIGKILL: ', by hand or since the memory was used up',
  SIGABRT: ', as when the memory that Node may take is used up (NODE_OPTIONS=--max-old-space-size=MB)',
};
