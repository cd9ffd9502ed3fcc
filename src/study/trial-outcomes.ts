import type { JournalEntry } from './journal';

/** What is known of each trial from a study's journal. */
export class TrialOutcomes {
  private readonly ends = new Map<number, JournalEntry>();
  private readonly crashed = new Map<number, Set<number>>();

  add(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      const { event, trial, attempt } = entry;
      if (event === 'crashed')
        this.crashed.set(trial, (this.crashed.get(trial) ?? new Set<number>()).add(attempt));
      if ((event === 'ended' || event === 'failed') && !this.ends.has(trial)) this.ends.set(trial, entry);
    }
  }

  /** How each trial ended, by the first line that says so. */
  get settled(): ReadonlyMap<number, JournalEntry> {
    return this.ends;
  }

  /** Why a trial that was stopped goes on; null where none is. */
  promotion(_trial: number): Omit<Partial<JournalEntry>, 'event' | 'trial'> | null {
    return null;
  }

  /** How often a trial crashed before an attempt. */
  crashesBefore(trial: number, attempt: number): number {
    return [...(this.crashed.get(trial) ?? [])].filter((crashed) => crashed < attempt).length;
  }
}
