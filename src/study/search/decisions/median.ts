import { type Better, compareValues, type RungReport, type Verdict } from './verdict';

/** Trials that it takes to compare with. */
const fewestOthers = 3;

/**
 * Median stopping (Golovin et al. 2017, Vizier, section 3.2.2): a trial stops where its best value so far is worse than the median of the means that others
 * had up to the same meta-step. Others are all that had come there before, whatever became of them. What is no number stops at once.
 * @param reports At the same meta-step, in the order in which they came, that of the trial the last one.
 */
export function medianVerdict(
  reports: readonly RungReport[],
  trial: number,
  { better }: { better: Better },
): Verdict {
  const own = reports.find((report) => report.trial === trial)!;
  const others = reports.filter((report) => report !== own).map(({ mean }) => mean);
  const threshold = others.length < fewestOthers ? null : medianOf(others, better);
  const isWorse = others.length >= fewestOthers && compareValues(own.best, threshold, better) > 0;
  const { rung, value } = own;
  return { goesOn: value !== null && !isWorse, rung, value, of: reports.length, threshold };
}

/** Of an even number of values, the mean of the two in the middle; null where one that it needs is no number. */
function medianOf(values: readonly (number | null)[], better: Better): number | null {
  const sorted = [...values].sort((a, b) => compareValues(a, b, better));
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!];
  return low === null || high === null ? null : (low + high) / 2;
}
