import { type Better, compareValues, type RungReport, type Verdict } from './verdict';

/** How successive halving goes on from a rung. */
export interface Halving {
  /** Of so many trials one goes on. */
  readonly reduction: number;
  readonly better: Better;
  /** Whether no further trial can come to the rung. */
  readonly closed: boolean;
}

/**
 * Asynchronous successive halving (Li et al. 2020, Algorithm 2): of the n trials that have come to a rung, the best floor(n / reduction) go on. Of a closed
 * rung one goes on at the least, so that a search of few trials has a winner. Of equal values, the one that came first is better. A value that is no number
 * goes no further.
 * @param reports Of the rung, in the order in which they came, that of the trial among them.
 */
export function halvingVerdict(reports: readonly RungReport[], trial: number, halving: Halving): Verdict {
  const { rung, value } = reports.find((report) => report.trial === trial)!;
  const keep = keptOf(reports, halving);
  const rank = rankOf(reports, trial, halving.better);
  const ranked = reports.map((report) => report.value).sort((a, b) => compareValues(a, b, halving.better));
  const threshold = ranked[keep - 1] ?? null;
  const goesOn = value !== null && rank < keep;
  return { goesOn, rung, value, of: reports.length, threshold, rank, keep, closed: halving.closed };
}

/** Whether the verdict is that the trial goes on, in the time of one look at each report. */
export function survivesHalving(reports: readonly RungReport[], trial: number, halving: Halving): boolean {
  const { value } = reports.find((report) => report.trial === trial)!;
  return value !== null && rankOf(reports, trial, halving.better) < keptOf(reports, halving);
}

function keptOf({ length }: readonly RungReport[], { reduction, closed }: Halving): number {
  return Math.max(closed ? 1 : 0, Math.floor(length / reduction));
}

/** How many are better than a trial. */
function rankOf(reports: readonly RungReport[], trial: number, better: Better): number {
  const own = reports.findIndex((report) => report.trial === trial);
  return reports.filter(({ value }, i) => {
    const order = compareValues(value, reports[own]!.value, better);
    return order < 0 || (order === 0 && i < own);
  }).length;
}
