import fs from 'node:fs';
import path from 'node:path';
import { codeOf, readFailure, writeFailure } from '../../core/file-failures';
import { identityOf, type ProcessIdentity } from '../../run/directory/process-identity';
import { type ClaimRecord, type ClaimState, formatRecord, parseRecord } from './claim-record';

/** The name of a trial's folder, and the beginning of its claims' names. */
export const trialName = (trial: number): string => String(trial).padStart(4, '0');

/** A claim that this process holds. */
export interface Claim {
  readonly trial: number;
  /** From 1 on. */
  readonly attempt: number;
}

/** A claim as it was found. */
export interface FoundClaim {
  /** What its file holds, whole or not. */
  readonly text: string;
  /** null where that is not whole. */
  readonly record: ClaimRecord | null;
}

/**
 * The folder `claims/` of a study: who works on which trial. To claim a trial is to create `TRIAL.ATTEMPT`, which succeeds for one process in the
 * world; to take over is to create that of the next attempt, which ends the claim before it.
 */
export class Claims {
  private readonly held = new Map<string, ClaimRecord>();
  private readonly owner: ProcessIdentity = identityOf();

  constructor(
    private readonly folder: string,
    private readonly worker: string,
  ) {}

  /**
   * Makes a trial this process's own, by the attempt of this number.
   * @returns null where another process was faster.
   */
  take(trial: number, attempt: number): Claim | null {
    const file = this.file(trial, attempt);
    const record: ClaimRecord = {
      worker: this.worker,
      state: 'held',
      beat: 0,
      owner: this.owner,
      child: null,
    };
    try {
      fs.writeFileSync(file, formatRecord(record), { flag: 'wx' });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return null;
      throw writeFailure(file, error);
    }
    this.held.set(file, record);
    return { trial, attempt };
  }

  /** The newest attempt of each trial that was claimed. */
  newest(): Map<number, number> {
    const newest = new Map<number, number>();
    for (const name of this.names()) {
      const [, trial, attempt] = /^(\d+)\.(\d+)$/.exec(name) ?? [];
      if (trial === undefined) continue;
      newest.set(Number(trial), Math.max(newest.get(Number(trial)) ?? 0, Number(attempt)));
    }
    return newest;
  }

  read(trial: number, attempt: number): FoundClaim {
    const file = this.file(trial, attempt);
    try {
      const text = fs.readFileSync(file, 'utf8');
      return { text, record: parseRecord(text) };
    } catch (error) {
      throw readFailure(file, error);
    }
  }

  /** Whether nobody has taken over: to be asked before anything is written for a trial. */
  isHeld({ trial, attempt }: Claim): boolean {
    return !fs.existsSync(this.file(trial, attempt + 1));
  }

  /** A sign of life. */
  beat(claim: Claim): void {
    this.rewrite(claim, ({ beat, ...record }) => ({ ...record, beat: beat + 1 }));
  }

  /** Notes the process that runs the trial, so that whoever takes over can end it. */
  runsIn(claim: Claim, pid: number): void {
    this.rewrite(claim, (record) => ({ ...record, child: identityOf(pid) }));
  }

  /** Says that this process is done with a claim, and what is left of it. */
  release(claim: Claim, state: ClaimState): void {
    this.rewrite(claim, (record) => ({ ...record, state }));
    this.held.delete(this.file(claim.trial, claim.attempt));
  }

  private rewrite({ trial, attempt }: Claim, change: (record: ClaimRecord) => ClaimRecord): void {
    const file = this.file(trial, attempt);
    const record = change(this.held.get(file)!);
    this.held.set(file, record);
    try {
      // Over what is there: at no moment is the file empty.
      const descriptor = fs.openSync(file, 'r+');
      try {
        fs.writeSync(descriptor, formatRecord(record), 0, undefined, 0);
      } finally {
        fs.closeSync(descriptor);
      }
    } catch (error) {
      throw writeFailure(file, error);
    }
  }

  private names(): string[] {
    try {
      return fs.readdirSync(this.folder);
    } catch (error) {
      throw readFailure(this.folder, error);
    }
  }

  private file(trial: number, attempt: number): string {
    return path.join(this.folder, `${trialName(trial)}.${attempt}`);
  }
}
