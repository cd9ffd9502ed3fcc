import type { RunRow } from '../../protocol/runs';

/**
 * Which runs are picked, as the address says it: ids; or `*` for all that the filter lets through, followed by `-id` for each that is
 * not. So an address stays short when hundreds are picked.
 */
export type Picks = readonly string[];

export const all = '*';

export const picksAll = (picks: Picks): boolean => picks[0] === all;

export function isPicked(picks: Picks): (id: string) => boolean {
  const set = new Set(picks);
  return picksAll(picks) ? (id) => !set.has(`-${id}`) : (id) => set.has(id);
}

/** With these ids picked, or not. */
export function withPicks(picks: Picks, ids: readonly string[], on: boolean): Picks {
  const set = new Set(picks);
  const everything = set.has(all);
  for (const id of ids) {
    const [word, present] = everything ? [`-${id}`, !on] : [id, on];
    if (present) set.add(word);
    else set.delete(word);
  }
  return [...set];
}

/** Of the runs that the filter lets through when all are picked; of all runs otherwise, so that typing in the filter loses none. */
export function pickedRows(
  picks: Picks,
  runs: Iterable<RunRow>,
  matches: (row: RunRow) => boolean,
): RunRow[] {
  const picked = isPicked(picks);
  const everything = picksAll(picks);
  return [...runs].filter((row) => picked(row.id) && (!everything || matches(row)));
}
