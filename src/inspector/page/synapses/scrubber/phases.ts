import type { Span } from '../../../protocol/traces';

/** Spans around a row that stand for one phase each, and between which rows they are known. */
export interface KnownPhases {
  readonly from: number;
  /** Not among them. */
  readonly to: number;
  readonly rows: number;
  /** One behind the other. */
  readonly spans: readonly Span[];
}

/** A span that is known from its first row to its last. */
export interface Phase extends Span {
  readonly phase: number;
  readonly beta: number;
}

/** The span that a row lies in, by its place among the spans; -1 where it is in none. */
export function spanAt(spans: readonly Span[], row: number): number {
  let [low, high] = [0, spans.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (spans[middle]!.firstRow <= row) low = middle;
    else high = middle - 1;
  }
  const span = spans[low];
  return span !== undefined && row >= span.firstRow && row < span.endRow ? low : -1;
}

export type Stride = 'row' | 'phase' | 'task';

/**
 * The row that a step leads to: by a row, to the first row of the next phase or task, or back to the first row of this one, and from there to
 * that of the one before. Null where the spans known do not reach that far.
 */
export function rowAfterStep(known: KnownPhases, row: number, stride: Stride, way: 1 | -1): number | null {
  const last = Math.max(0, known.rows - 1);
  if (stride === 'row') return Math.min(last, Math.max(0, row + way));
  const { spans } = known;
  const here = spanAt(spans, row);
  if (here < 0) return null;
  const begins = (i: number) =>
    i === 0 ? known.from === 0 : stride === 'phase' || spans[i]!.firstTask !== spans[i - 1]!.firstTask;
  if (way > 0) {
    for (let i = here + 1; i < spans.length; i++) if (begins(i)) return spans[i]!.firstRow;
    return known.to >= known.rows ? last : null;
  }
  for (let i = here; i >= 0; i--) {
    if (begins(i) && spans[i]!.firstRow < row) return spans[i]!.firstRow;
  }
  return known.from === 0 ? 0 : null;
}

/** The next row that is a meta-update, or the one before. Null where there is none among those known. */
export function metaUpdateFrom({ spans }: KnownPhases, row: number, way: 1 | -1): number | null {
  const here = spanAt(spans, row);
  if (here < 0) return null;
  const inside = row + way;
  const span = spans[here]!;
  if (span.phase === -1 && inside >= span.firstRow && inside < span.endRow) return inside;
  for (let i = here + way; i >= 0 && i < spans.length; i += way) {
    if (spans[i]!.phase === -1) return way > 0 ? spans[i]!.firstRow : spans[i]!.endRow - 1;
  }
  return null;
}

/**
 * The phases of the task that a row lies in, free first; null where they are not known from the task's first row to its last.
 * A meta-update is none of them.
 */
export function phasesOfTask(known: KnownPhases, row: number): readonly Phase[] | null {
  const { spans } = known;
  const here = spanAt(spans, row);
  if (here < 0) return null;
  const task = spans[here]!.firstTask;
  const same = (i: number) => spans[i]?.firstTask === task && spans[i]?.lastTask === task;
  let [first, last] = [here, here];
  while (same(first - 1)) first--;
  while (same(last + 1)) last++;
  if ((first === 0 && known.from > 0) || (last === spans.length - 1 && known.to < known.rows)) return null;
  const own = spans.slice(first, last + 1);
  return own.filter((span): span is Phase => span.phase !== null && span.phase >= 0 && span.beta !== null);
}

/** A phase in words: `free`, `nudged, β = 0.1`, `meta-update`. */
export function phaseInWords({ phase, beta }: { phase: number | null; beta: number | null }): string {
  if (phase === null) return 'several phases';
  if (phase === -1) return 'meta-update';
  return phase === 0 ? 'free' : `nudged, β = ${beta ?? '?'}`;
}

/** As bands have it; the page's style says which colours these are. */
export function phaseColour(phase: number | null): string {
  if (phase === null) return 'var(--band-several)';
  if (phase === -1) return 'var(--band-meta)';
  return phase === 0 ? 'var(--band-free)' : 'var(--band-nudged)';
}
