import type { Moment } from '../../../protocol/traces';
import { type Compared, comparedAt, differenceOf, type View } from '../difference/compared';
import { type KnownPhases, phasesOfTask } from '../scrubber/phases';
import type { TraceSource } from './trace-source';

/** What the maps show at a row: all of it of the same moment. */
export interface ShownFrame {
  /** Where the scrubber stands. */
  readonly row: number;
  readonly moment: Moment | null;
  readonly view: View;
  /** Which rows the numbers are of; null where the view has none here. */
  readonly compared: Compared | null;
  /** By variable: what the maps show, and what it was made from. */
  readonly variables: ReadonlyMap<string, ShownVariable>;
}

interface ShownVariable {
  /** By column of the trace. */
  readonly values: Float64Array;
  readonly of: Float64Array;
  readonly minus: Float64Array | null;
}

const nothingKnown: KnownPhases = { from: 0, to: 0, rows: 0, spans: [] };

/** The rows that a view compares at a row. */
export async function comparedRows(source: TraceSource, view: View, row: number): Promise<Compared | null> {
  if (view.kind !== 'nudged') return comparedAt(view, row, nothingKnown);
  const known = await source.phases(row, (found) => phasesOfTask(found, row) !== null);
  return comparedAt(view, row, known);
}

export async function frameAt(
  source: TraceSource,
  variables: readonly string[],
  view: View,
  row: number,
): Promise<ShownFrame> {
  const [moment, compared] = await Promise.all([source.moment(row), comparedRows(source, view, row)]);
  const shown = new Map<string, ShownVariable>();
  if (compared !== null) {
    await Promise.all(
      variables.map(async (name) => {
        const [of, minus] = await Promise.all([
          source.frame(name, compared.row),
          compared.minus === null ? null : source.frame(name, compared.minus),
        ]);
        shown.set(name, { values: differenceOf(of, minus), of, minus });
      }),
    );
  }
  // In the order of the trace, whichever came first.
  const inOrder = new Map(
    variables.filter((name) => shown.has(name)).map((name) => [name, shown.get(name)!]),
  );
  return { row, moment, view, compared, variables: inOrder };
}
