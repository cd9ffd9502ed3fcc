import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { InputError } from '../core/errors';
import { hasEnded, killProcess } from '../run/directory/process-identity';
import { type Claim, Claims } from './claims/claims';
import { LeaseWatch } from './claims/lease-watch';
import type { Journal, JournalEntry, JournalEvent } from './journal';
import { outcomesOf } from './outcomes-of';
import type { StudyPlan, Trial } from './plan/study-plan';
import type { DecisionEntry } from './search/search-outcomes';
import { claimsFolder, journalOf, type Study } from './study-directory';
import { CodeCache } from './trial/code-cache/code-cache';
import { type EndedTrial, TrialProcess } from './trial/trial-process-handle';
import type { TrialOutcomes } from './trial-outcomes';

export interface WorkerOptions {
  /** Trials at the same time. */
  readonly jobs: number;
  /** Threads of a trial. */
  readonly workers: number;
  /** Whether to stay until every trial has ended, whoever runs it; else until nothing is left that this worker could take. */
  readonly stays: boolean;
  readonly signal: AbortSignal;
  /** Called when something has happened, with how many trials have ended, and what is to be told. */
  readonly changed: (settled: number, line?: string) => void;
}

/** A claim, and how it came to be: what the journal says of that. */
interface Taken extends DecisionEntry {
  readonly claim: Claim;
  readonly event: JournalEvent;
}

/** A trial that this worker runs. */
interface Running {
  readonly claim: Claim;
  readonly process: TrialProcess;
  isLost: boolean;
}

/** A crashed trial is tried as often in all. */
const mostCrashes = 2;
/** Signs of life in the time of a lease. */
const beatsInLease = 6;
/** Milliseconds between two looks of a worker that has nothing to do, at the most. */
const longestPause = 1000;

/** Takes trials of a study, one after the other, and runs each in a process of its own. */
export class Worker {
  private readonly id = `${os.hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  private readonly claims: Claims;
  private readonly journal: Journal;
  private readonly watch: LeaseWatch;
  private readonly plan: Omit<StudyPlan, 'trials'>;
  private readonly trials: readonly Trial[];
  private readonly running = new Map<number, Running>();
  /** Trials of others that were seen alive at the last look. */
  private readonly othersAtWork = new Set<number>();
  private readonly beatEvery: number;
  /** Trials before this position have been claimed by somebody. */
  private firstUnclaimed = 0;
  private readonly outcomes: TrialOutcomes;
  private readonly code = CodeCache.open();
  /** What went wrong with this worker itself. */
  private failure: { readonly error: unknown } | null = null;
  private wake: () => void = () => {};

  constructor(
    private readonly study: Study,
    private readonly options: WorkerOptions,
  ) {
    const { trials, ...plan } = study.plan;
    this.plan = plan;
    this.trials = trials;
    this.outcomes = outcomesOf(study.plan);
    this.claims = new Claims(claimsFolder(study.directory), this.id);
    this.journal = journalOf(study.directory);
    this.beatEvery = (plan.lease * 1000) / beatsInLease;
    this.watch = new LeaseWatch(plan.lease * 1000, this.pause);
  }

  /** Returns when there is nothing left for it to do, or it was interrupted and every trial that it ran is given back. */
  async work(): Promise<void> {
    const { signal } = this.options;
    const interrupt = (): void => {
      for (const { process } of this.running.values()) process.interrupt();
      this.wake();
    };
    signal.addEventListener('abort', interrupt);
    const beats = setInterval(() => this.beat(), this.beatEvery);
    try {
      while (!signal.aborted && this.failure === null) {
        this.look();
        while (this.running.size < this.options.jobs && this.begin()) {}
        if (this.isDone()) break;
        await this.somethingHappens();
      }
    } catch (error) {
      this.failure ??= { error };
    }
    try {
      if (this.failure !== null) interrupt();
      while (this.running.size > 0) await this.somethingHappens();
      if (this.failure !== null) throw this.failure.error;
    } finally {
      clearInterval(beats);
      this.code?.close();
      signal.removeEventListener('abort', interrupt);
    }
  }

  private get pause(): number {
    return Math.min(longestPause, this.beatEvery);
  }

  private somethingHappens(): Promise<void> {
    return new Promise((resolve) => {
      const pause = this.running.size < this.options.jobs ? this.pause : this.beatEvery;
      const timer = setTimeout(resolve, pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Reads what others have told. */
  private look(): void {
    const before = this.outcomes.settled.size;
    this.outcomes.add(this.journal.news());
    if (this.outcomes.settled.size !== before) this.options.changed(this.outcomes.settled.size);
  }

  private isDone(): boolean {
    const { settled } = this.outcomes;
    if (settled.size === this.trials.length) return true;
    if (this.options.stays || this.running.size > 0) return false;
    return this.unsettled().every(({ trial }) => this.othersAtWork.has(trial));
  }

  private unsettled(): Trial[] {
    return this.trials.filter(({ trial }) => !this.outcomes.settled.has(trial));
  }

  /** Begins a trial, if there is one to be had. */
  private begin(): boolean {
    const found = this.takeNew() ?? this.takeOver();
    if (found === null) return false;
    const { claim, event, ...why } = found;
    const trial = this.trials[claim.trial - 1]!;
    const { directory: study } = this.study;
    const { plan } = this;
    this.note(event, claim, why);
    const { attempt } = claim;
    const { workers } = this.options;
    const process = new TrialProcess({ study, plan, trial, attempt, workers }, this.code);
    this.running.set(claim.trial, { claim, process, isLost: false });
    if (process.pid !== undefined) this.claims.runsIn(claim, process.pid);
    void process.ended
      .then((ended) => this.end(claim, ended))
      .catch((error) => {
        this.failure ??= { error };
      })
      .finally(() => this.wake());
    return true;
  }

  /** The next trial that nobody has begun. */
  private takeNew(): Taken | null {
    for (; this.firstUnclaimed < this.trials.length; this.firstUnclaimed++) {
      const { trial } = this.trials[this.firstUnclaimed]!;
      if (this.outcomes.settled.has(trial)) continue;
      const claim = this.claims.take(trial, 1);
      if (claim !== null) return { claim, event: 'claimed' };
    }
    return null;
  }

  /** A trial that was given back, has crashed once, or whose worker is gone or silent; in a search, one that was stopped and is to go on. */
  private takeOver(): Taken | null {
    this.othersAtWork.clear();
    const newest = this.claims.newest();
    for (const { trial } of this.unsettled()) {
      const attempt = newest.get(trial);
      if (attempt === undefined || this.running.has(trial)) continue;
      const { text, record } = this.claims.read(trial, attempt);
      const { isExpired, isAlive } = this.watch.look(`${trial}.${attempt}`, text);
      const isHeld = record === null || record.state === 'held';
      if (isHeld && isAlive) this.othersAtWork.add(trial);
      if (isHeld && !isExpired && (record === null || !hasEnded(record.owner))) continue;
      const claim = this.claims.take(trial, attempt + 1);
      if (claim === null) continue;
      if (isHeld && record?.child) killProcess(record.child);
      const promotion = this.outcomes.promotion(trial);
      if (promotion !== null) return { claim, event: 'promoted', ...promotion };
      return { claim, event: record?.state === 'crashed' ? 'retried' : 'resumed' };
    }
    return null;
  }

  /** A sign of life for each claim, and a look whether it is still this worker's. */
  private beat(): void {
    for (const running of this.running.values()) {
      try {
        if (this.claims.isHeld(running.claim)) this.claims.beat(running.claim);
        else if (!running.isLost) {
          running.isLost = true;
          running.process.kill();
        }
      } catch (error) {
        // The folder cannot be reached now. If that lasts, others take over.
        this.options.changed(this.outcomes.settled.size, `warning: ${(error as Error).message}`);
      }
    }
  }

  private end(claim: Claim, { end, seconds, cpuSeconds }: EndedTrial): void {
    const isLost = this.running.get(claim.trial)!.isLost || !this.claims.isHeld(claim);
    this.running.delete(claim.trial);
    const took = { seconds: rounded(seconds), cpuSeconds: cpuSeconds && rounded(cpuSeconds) };
    if (isLost || end.kind === 'lost') {
      this.note('lost', claim, took);
      return;
    }
    if (end.kind === 'interrupted') {
      this.note('interrupted', claim, { ...took, note: end.note });
      this.claims.release(claim, 'interrupted');
      return;
    }
    if (end.kind === 'ended') {
      this.note('ended', claim, { ...took, note: end.note });
      this.claims.release(claim, 'over');
      return;
    }
    if (end.kind === 'stopped') {
      this.note('stopped', claim, { ...took, ...end.decision });
      this.claims.release(claim, 'over');
      return;
    }
    const { error } = end;
    if (end.kind === 'refused')
      this.failure ??= { error: new InputError({ what: error.replace(/\.$/, '') }) };
    this.look();
    const before = this.outcomes.crashesBefore(claim.trial, claim.attempt);
    if (end.kind === 'crashed') this.note('crashed', claim, { ...took, error });
    if (end.kind === 'crashed' && before + 1 < mostCrashes) {
      this.claims.release(claim, 'crashed');
      this.tell(`trial ${claim.trial} crashed and will be tried once more: ${error}`);
      return;
    }
    this.note('failed', claim, { ...took, error });
    this.claims.release(claim, 'over');
    this.tell(`trial ${claim.trial} failed: ${error}`);
  }

  private tell(line: string): void {
    this.options.changed(this.outcomes.settled.size, line);
  }

  private note(event: JournalEvent, { trial, attempt }: Claim, more: Partial<JournalEntry> = {}): void {
    const [host, pid, time] = [os.hostname(), process.pid, new Date().toISOString()];
    this.journal.append({ event, trial, attempt, worker: this.id, host, pid, time, ...more });
  }
}

const rounded = (seconds: number): number => Number(seconds.toFixed(3));
