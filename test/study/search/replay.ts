import type { JournalEntry } from '../../../src/study/journal';
import type { StudyPlan } from '../../../src/study/plan/study-plan';

/**
 * Judges a search's journal anew, in the plainest way: each `stopped` and `promoted` says how many had come to the rung when it was decided; of the first so
 * many reports, the decision must follow.
 * @returns How many were looked at.
 */
export function replay({ trials, search }: StudyPlan, entries: readonly JournalEntry[]): number {
  const sign = search!.better === 'lower' ? 1 : -1;
  const worth = (value: number | null | undefined) => (value === null ? Infinity : sign * value!);
  const seedOf = (trial: number) => trials.find((one) => one.trial === trial)!.seed;
  const reports: JournalEntry[] = [];
  let decisions = 0;
  for (const entry of entries) {
    const { event, trial, rung, of } = entry;
    if (event === 'reported' && !reports.some((one) => one.trial === trial && one.rung === rung))
      reports.push(entry);
    if (event !== 'stopped' && event !== 'promoted') continue;
    decisions++;
    const compared = reports
      .filter((one) => one.rung === rung && seedOf(one.trial) === seedOf(trial))
      .slice(0, of!);
    const own = compared.find((one) => one.trial === trial)!;
    expect([compared.length, own.value]).toEqual([of, entry.value]);
    if (search!.stop === 'median') {
      const means = compared
        .filter((one) => one !== own)
        .map(({ mean }) => worth(mean))
        .sort((a, b) => a - b);
      const half = means.length / 2;
      const median = (means[Math.ceil(half) - 1]! + means[Math.floor(half)]!) / 2;
      expect([event, sign * median]).toEqual(['stopped', entry.threshold]);
      expect(worth(own.best)).toBeGreaterThan(median);
      continue;
    }
    const ranked = compared.map(({ value }) => worth(value)).sort((a, b) => a - b);
    let keep = Math.floor(compared.length / search!.reduction);
    if (entry.closed && keep === 0) keep = 1;
    expect(entry.keep).toBe(keep);
    expect(entry.threshold).toBe(keep === 0 ? null : sign * ranked[keep - 1]!);
    const rank = ranked.indexOf(worth(own.value)); // No two values are alike here.
    expect([entry.rank, event]).toEqual([rank, rank < keep ? 'promoted' : 'stopped']);
  }
  return decisions;
}
