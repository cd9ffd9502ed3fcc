import { signal } from '@preact/signals-core';
import type { Problem } from '../../protocol/live';
import type { RunRow } from '../../protocol/runs';
import type { Curve, Curves, Thinning } from '../../protocol/traces';
import { addressOf, askJson } from '../api/ask';
import { problemOf } from '../api/problem';

/** Ids in one request: its address must not grow beyond what servers take. */
const chunk = 25;
/** Points of a curve. */
const most = 1000;

interface Entry {
  /** `RunRow.changed` when it was asked for. */
  readonly changed: number;
  readonly curves: readonly Curve[];
}

const entries = new Map<string, Entry>();
const keyOf = (metric: string, id: string, thin: Thinning) => `${thin}\n${metric}\n${id}`;

/** How the curve of each run is thinned, by its id: as `even` where it is one of a mean. */
type ThinOf = (id: string) => Thinning;
const extremes: ThinOf = () => 'extremes';

/** Grows whenever more curves have come. */
export const curvesVersion = signal(0);
export const curvesProblem = signal<Problem | null>(null);
/** Runs whose curves are awaited. */
export const awaited = signal(0);

export const cachedCurves = (
  metric: string,
  id: string,
  thin: Thinning = 'extremes',
): readonly Curve[] | undefined => entries.get(keyOf(metric, id, thin))?.curves;

interface Wanted {
  readonly metric: string;
  readonly rows: readonly RunRow[];
  readonly thinOf: ThinOf;
}
let wanted: Wanted = { metric: '', rows: [], thinOf: extremes };
let working = false;

const missing = () =>
  wanted.rows.filter(
    ({ id, changed }) => entries.get(keyOf(wanted.metric, id, wanted.thinOf(id)))?.changed !== changed,
  );

/**
 * Asks, part by part, for what is not there yet, and for what has grown since. Called again meanwhile, it goes on with what is wanted then,
 * once the part under way has come: runs that grow all the time hold up nothing.
 */
export async function needCurves(
  metric: string,
  rows: readonly RunRow[],
  thinOf: ThinOf = extremes,
): Promise<void> {
  wanted = { metric, rows, thinOf };
  awaited.value = missing().length;
  if (working) return;
  working = true;
  curvesProblem.value = null;
  try {
    for (let part = missing(); part.length > 0; part = missing()) {
      const now = wanted.metric;
      const thin = wanted.thinOf(part[0]!.id);
      const asked = part.filter(({ id }) => wanted.thinOf(id) === thin).slice(0, chunk);
      const { curves } = await askJson<Curves>(
        addressOf('curves', { id: asked.map(({ id }) => id), metric: now, most, thin }),
      );
      for (const { id, changed } of asked) {
        entries.set(keyOf(now, id, thin), { changed, curves: curves.filter((curve) => curve.id === id) });
      }
      awaited.value = missing().length;
      curvesVersion.value = curvesVersion.peek() + 1;
    }
  } catch (thrown) {
    curvesProblem.value = problemOf(thrown);
    awaited.value = 0;
  } finally {
    working = false;
  }
}
