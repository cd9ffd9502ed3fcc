import type { JournalEntry } from '../journal';
import type { Trial } from '../plan/study-plan';
import { TrialOutcomes } from '../trial-outcomes';
import { halvingVerdict, survivesHalving } from './decisions/halving';
import { medianVerdict } from './decisions/median';
import type { RungReport, Verdict } from './decisions/verdict';
import type { SearchPlan } from './search-plan';

/** What a journal entry holds of a report or a verdict. */
export type DecisionEntry = Partial<RungReport> & Partial<Omit<Verdict, 'goesOn'>>;

/**
 * What is known of a search from its journal, line by line. Whoever reads the same lines comes to the same verdicts: they depend on the reports of the
 * trials with the same seed, and on their order. A trial that was stopped by halving is no longer settled once enough others, worse than it, have come to its rung.
 */
export class SearchOutcomes extends TrialOutcomes {
  /** By seed, then by rung, in the order in which they came. */
  private readonly reports = new Map<number, Map<number, RungReport[]>>();
  private readonly arrivals = new Map<number, Map<number, Verdict>>();
  private readonly lastRung = new Map<number, number>();
  /** The newest `stopped` of each trial that nobody has gone on with since. */
  private readonly stops = new Map<number, JournalEntry>();
  private readonly seeds: ReadonlyMap<number, number>;
  private readonly bySeed = new Map<number, number[]>();
  /** What was worked out since the last entry. */
  private readonly closed = new Map<string, boolean>();
  private together: ReadonlyMap<number, JournalEntry> | null = null;

  /** @param judged Whose verdicts are kept as their reports come. */
  constructor(
    trials: readonly Trial[],
    private readonly search: SearchPlan,
    private readonly judged: (trial: number) => boolean = () => false,
  ) {
    super();
    this.seeds = new Map(trials.map(({ trial, seed }) => [trial, seed]));
    for (const { trial, seed } of trials) {
      const ofSeed = this.bySeed.get(seed);
      if (ofSeed === undefined) this.bySeed.set(seed, [trial]);
      else ofSeed.push(trial);
    }
  }

  override add(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      this.together = null;
      this.closed.clear();
      super.add([entry]);
      const { event, trial } = entry;
      if (event === 'reported') this.addReport(entry);
      else if (event === 'stopped') this.stops.set(trial, entry);
      else if (beginsAnAttempt.has(event)) this.stops.delete(trial);
    }
  }

  /** How trials have ended, stopped ones among them unless they are to go on. */
  override get settled(): ReadonlyMap<number, JournalEntry> {
    if (this.together !== null) return this.together;
    const settled = new Map(super.settled);
    for (const [trial, entry] of this.stops)
      if (!settled.has(trial) && !this.isToGoOn(trial)) settled.set(trial, entry);
    this.together = settled;
    return settled;
  }

  /** Why a trial that was stopped goes on; null where it was not, or does not. */
  override promotion(trial: number): DecisionEntry | null {
    return this.stops.has(trial) && this.isToGoOn(trial) ? entryOf(this.verdict(trial)) : null;
  }

  /** The verdict when a trial's report at a rung came; null where none has come. */
  arrival(trial: number, rung: number): Verdict | null {
    return this.arrivals.get(trial)?.get(rung) ?? null;
  }

  /** The highest rung that a trial has come to. */
  rungOf(trial: number): number | null {
    return this.lastRung.get(trial) ?? null;
  }

  /** Whether a trial is to stop where it has come to: by the verdict when its last report came and, by halving, by all reports there are now too. */
  stopsAt(trial: number): Verdict | null {
    const rung = this.lastRung.get(trial);
    if (rung === undefined) return null;
    const then = this.arrival(trial, rung)!;
    if (then.goesOn || this.isToGoOn(trial)) return null;
    return this.search.stop === 'median' ? then : this.verdict(trial);
  }

  /** The reports at a rung of the trials with a seed, in the order in which they came. */
  reportsAt(seed: number, rung: number): readonly RungReport[] {
    return this.reports.get(seed)?.get(rung) ?? [];
  }

  /** Whether the reports that there are now let a trial go on from its last rung. By medians it is judged once: who comes later changes nothing. */
  private isToGoOn(trial: number): boolean {
    const rung = this.lastRung.get(trial);
    return rung !== undefined && this.search.stop === 'halving' && this.survives(trial);
  }

  private addReport(entry: JournalEntry): void {
    const { trial } = entry;
    const seed = this.seeds.get(trial);
    const { rung, metaStep, value = null, best = null, mean = null } = entry;
    if (seed === undefined || rung === undefined || metaStep === undefined) return;
    const ofSeed = this.reports.get(seed) ?? new Map<number, RungReport[]>();
    const atRung = ofSeed.get(rung) ?? [];
    // A trial that begins anew comes there again, to the same value.
    if (atRung.some((report) => report.trial === trial)) return;
    atRung.push({ trial, rung, metaStep, value, best, mean });
    this.reports.set(seed, ofSeed.set(rung, atRung));
    this.lastRung.set(trial, Math.max(rung, this.lastRung.get(trial) ?? 0));
    if (!this.judged(trial)) return;
    const arrivals = this.arrivals.get(trial) ?? new Map<number, Verdict>();
    this.arrivals.set(trial, arrivals.set(rung, this.verdict(trial)));
  }

  /** About a trial at its last rung, by the reports that there are now. */
  private verdict(trial: number): Verdict {
    const { seed, rung, reports } = this.placeOf(trial);
    const { stop, better, reduction } = this.search;
    if (stop === 'median') return medianVerdict(reports, trial, { better });
    return halvingVerdict(reports, trial, { reduction, better, closed: this.isClosed(seed, rung) });
  }

  private survives(trial: number): boolean {
    const { seed, rung, reports } = this.placeOf(trial);
    const { better, reduction } = this.search;
    return survivesHalving(reports, trial, { reduction, better, closed: this.isClosed(seed, rung) });
  }

  private placeOf(trial: number) {
    const seed = this.seeds.get(trial)!;
    const rung = this.lastRung.get(trial)!;
    return { seed, rung, reports: this.reportsAt(seed, rung) };
  }

  /** Whether no further trial of a seed can come to a rung: each has come there, has ended, or has stopped below for good. */
  private isClosed(seed: number, rung: number): boolean {
    const key = `${seed} ${rung}`;
    const known = this.closed.get(key);
    if (known !== undefined) return known;
    const ends = super.settled;
    const isClosed = this.bySeed.get(seed)!.every((trial) => {
      const last = this.lastRung.get(trial);
      if (ends.has(trial) || (last !== undefined && last >= rung)) return true;
      return (
        last !== undefined && this.stops.has(trial) && this.isClosed(seed, last) && !this.isToGoOn(trial)
      );
    });
    this.closed.set(key, isClosed);
    return isClosed;
  }
}

/** A verdict as the journal has it. */
export function entryOf({ goesOn: _, ...verdict }: Verdict): DecisionEntry {
  return verdict;
}

const beginsAnAttempt: ReadonlySet<string> = new Set(['claimed', 'resumed', 'retried', 'promoted']);
