import { signal } from '@preact/signals';
import type { Problem } from '../../protocol/live';
import type { RunRow } from '../../protocol/runs';
import type { Curve, Curves } from '../../protocol/traces';
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
const keyOf = (metric: string, id: string) => `${metric}\n${id}`;

/** Grows whenever more curves have come. */
export const curvesVersion = signal(0);
export const curvesProblem = signal<Problem | null>(null);
/** Runs whose curves are awaited. */
export const awaited = signal(0);

export const cachedCurves = (metric: string, id: string): readonly Curve[] | undefined =>
  entries.get(keyOf(metric, id))?.curves;

let current = new AbortController();

/** Asks for what is not there yet, and for what has grown since; what was being asked for is given up. */
export async function needCurves(metric: string, rows: readonly RunRow[]): Promise<void> {
  current.abort();
  current = new AbortController();
  const { signal: stop } = current;
  const missing = rows.filter(({ id, changed }) => entries.get(keyOf(metric, id))?.changed !== changed);
  awaited.value = missing.length;
  curvesProblem.value = null;
  for (let at = 0; at < missing.length; at += chunk) {
    const part = missing.slice(at, at + chunk);
    try {
      const { curves } = await askJson<Curves>(
        addressOf('curves', { id: part.map(({ id }) => id), metric, most }),
        stop,
      );
      for (const { id, changed } of part) {
        entries.set(keyOf(metric, id), { changed, curves: curves.filter((curve) => curve.id === id) });
      }
    } catch (thrown) {
      if (stop.aborted) return;
      curvesProblem.value = problemOf(thrown);
      awaited.value = 0;
      return;
    }
    if (stop.aborted) return;
    awaited.value = Math.max(0, missing.length - at - chunk);
    curvesVersion.value = curvesVersion.peek() + 1;
  }
}
