import { type KnownPhases, type Phase, phasesOfTask } from '../scrubber/phases';

/**
 * What the maps show: values as they are; what nudging makes of an equilibrium, value(beta) - value(0) at the ends of two phases of a
 * task, nudged phase number `phase`; or a row minus a row that stays.
 */
export type View =
  | { readonly kind: 'values' }
  | { readonly kind: 'nudged'; readonly phase: number }
  | { readonly kind: 'minus'; readonly row: number };

/** Which rows the numbers on the maps are of: value(row), or value(row) - value(minus). */
export interface Compared {
  readonly row: number;
  readonly minus: number | null;
  /** The phases whose ends these are. */
  readonly phases: { readonly nudged: Phase; readonly free: Phase } | null;
}

/** In the URL: `nudged`, `nudged2`, `row120`; nothing for values as they are. */
export function viewFromText(text: string): View {
  const nudged = /^nudged(\d*)$/.exec(text);
  if (nudged !== null) return { kind: 'nudged', phase: Number(nudged[1] || 1) };
  const minus = /^row(\d+)$/.exec(text);
  return minus === null ? { kind: 'values' } : { kind: 'minus', row: Number(minus[1]) };
}

export function textOfView(view: View): string {
  if (view.kind === 'values') return '';
  if (view.kind === 'minus') return `row${view.row}`;
  return view.phase === 1 ? 'nudged' : `nudged${view.phase}`;
}

/** The rows that a view compares at a row; null where the row's task has not both phases, or they are not known. */
export function comparedAt(view: View, row: number, known: KnownPhases): Compared | null {
  if (view.kind === 'values') return { row, minus: null, phases: null };
  if (view.kind === 'minus') return { row, minus: view.row, phases: null };
  const phases = phasesOfTask(known, row);
  const free = phases?.find(({ phase }) => phase === 0);
  const nudged = phases?.find(({ phase }) => phase === view.phase);
  if (free === undefined || nudged === undefined) return null;
  return { row: nudged.endRow - 1, minus: free.endRow - 1, phases: { nudged, free } };
}

/** The numbers that a map shows, by column. */
export function differenceOf(values: Float64Array, minus: Float64Array | null): Float64Array {
  return minus === null ? values : values.map((value, i) => value - minus[i]!);
}
