import type { BlockCells } from '../cells/block-cells';
import { cellSpread } from '../colour/cell-spread';
import type { Spread } from '../colour/colour-range';
import { differenceOf, type View } from '../difference/compared';
import { sampledRows } from './sampled-rows';
import { comparedRows } from './shown-frame';
import type { TraceSource } from './trace-source';

/** The spread of each parameter's cells over rows spread over the trace. */
export interface FixedScale {
  /** How many rows these were, of how many. */
  readonly sampled: number;
  readonly rows: number;
  /** By variable, then by parameter in the order of the trace's blocks. */
  readonly spreads: ReadonlyMap<string, readonly (Spread | null)[]>;
}

/** Differences of phases take a look at each row's task. */
const mostDifferences = 24;

const atOnce = 4;

export async function fixedScale(
  source: TraceSource,
  variables: readonly string[],
  blocks: readonly BlockCells[],
  view: View,
  rows: number,
  synapses: number,
): Promise<FixedScale> {
  const all = sampledRows(rows, synapses);
  const every = view.kind === 'values' ? 1 : Math.ceil(all.length / mostDifferences);
  const chosen = all.filter((_, i) => i % every === 0);
  const frames = new Map(variables.map((name) => [name, [] as Float64Array[]]));
  const take = async (row: number) => {
    const compared = await comparedRows(source, view, row);
    if (compared === null) return;
    await Promise.all(
      variables.map(async (name) => {
        const [of, minus] = await Promise.all([
          source.frame(name, compared.row),
          compared.minus === null ? null : source.frame(name, compared.minus),
        ]);
        frames.get(name)!.push(differenceOf(of, minus));
      }),
    );
  };
  // A few rows at a time: who scrubs meanwhile is not kept waiting behind all of them.
  for (let i = 0; i < chosen.length; i += atOnce) await Promise.all(chosen.slice(i, i + atOnce).map(take));
  const spreads = new Map(
    variables.map((name) => [name, blocks.map(({ columns }) => cellSpread(frames.get(name)!, columns))]),
  );
  return { sampled: chosen.length, rows, spreads };
}
