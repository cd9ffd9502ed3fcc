import type { RunRow } from '../../protocol/runs';
import type { Curve } from '../../protocol/traces';
import type { ChartData, ChartSeries } from '../chart/chart-data';
import { ownColours, seriesColour, seriesDash } from '../colour/series-colours';
import { shortNumber } from '../text/numbers';
import { shown } from '../text/symbols';
import { type Band, seedGroups, summaryOf } from './group';

export interface Overlay {
  readonly data: ChartData;
  /** Which runs a curve is of, by the id of its series. */
  readonly runs: ReadonlyMap<string, readonly string[]>;
  /** What the drawing leaves out, each in a sentence. */
  readonly notes: readonly string[];
}

interface OverlayOptions {
  readonly metric: string;
  readonly band: Band;
  readonly log: boolean;
  /** Settings that differ among the runs: what curves are named by. */
  readonly differing: readonly string[];
}

/** The curves of one metric of many runs on one pair of axes: seeds of equal settings as their mean and band, or each by itself. */
export function overlayOf(
  rows: readonly RunRow[],
  curvesOf: (id: string) => readonly Curve[] | undefined,
  { metric, band, log, differing }: OverlayOptions,
): Overlay {
  const notes: string[] = [];
  const runs = new Map<string, readonly string[]>();
  const series: ChartSeries[] = [];
  const counters = new Set<string>();
  const groups = seedGroups(rows);
  const names = labels(
    groups.map((group) => group.rows[0]!),
    differing,
  );
  let without = 0;
  const found = groups.map((group) => {
    const all = group.rows.map((row) => ({ row, curves: curvesOf(row.id) }));
    without += all.filter(({ curves }) => curves !== undefined && curves.length === 0).length;
    const members = all.flatMap(({ row, curves = [] }) => curves.map((curve) => ({ row, curve })));
    return { members, parts: [...new Set(members.map(({ curve }) => curve.group))] };
  });
  // A group without curves keeps its place, so that the others' colours stay when its own come.
  const count = found.reduce((sum, { parts }) => sum + Math.max(1, parts.length), 0);
  let place = 0;
  groups.forEach((group, g) => {
    const { members, parts } = found[g]!;
    if (parts.length === 0) place++;
    for (const part of parts) {
      const own = members.filter(({ curve }) => curve.group === part);
      for (const { curve } of own) counters.add(curve.by);
      const name = [names[g]!, part].filter(Boolean).join(', ');
      const style = styleOf(place++, count);
      const seeds = oneOfEachSeed(own);
      const summary =
        band === 'each' || seeds.length < 2
          ? undefined
          : summaryOf(
              seeds.map(({ curve }) => curve),
              band,
            );
      // Seeds recorded at other steps have no mean to be drawn.
      if (summary !== undefined && summary.x.length > 1) {
        const id = `${group.key} ${part}`;
        runs.set(
          id,
          own.map(({ row }) => row.id),
        );
        const what = band === 'interval' ? '95 % interval' : 'least to largest';
        series.push({
          id,
          label: name || metric,
          bandLabel: `mean of ${seeds.length} seeds, ${what}`,
          x: summary.x,
          y: summary.mean,
          low: summary.low,
          high: summary.high,
          ...style,
        });
        if (summary.left > 0) {
          notes.push(`${name || metric}: drawn as far as all ${seeds.length} seeds have come.`);
        }
        if (seeds.length < own.length) {
          notes.push(
            `${name || metric}: of runs with the same settings and seed only the newest counts; ${own.length - seeds.length} left out.`,
          );
        }
        continue;
      }
      if (summary !== undefined) {
        notes.push(
          `${name || metric}: seeds drawn one by one, since they were not recorded at the same steps.`,
        );
      }
      for (const { row, curve } of own) {
        const id = `${row.id} ${part}`;
        runs.set(id, [row.id]);
        const seed =
          seeds.length < own.length
            ? row.id.split('/').at(-1)!
            : own.length > 1 || name === ''
              ? `seed ${row.seed}`
              : '';
        series.push({ id, label: [name, seed].filter(Boolean).join(', '), x: curve.x, y: curve.y, ...style });
      }
    }
  });
  if (without > 0) {
    notes.push(`${without} of ${rows.length} picked runs ${without === 1 ? 'has' : 'have'} no ${metric}.`);
  }
  if (counters.size > 1) {
    notes.push(`Curves are counted by what their runs count: ${[...counters].join(', ')}.`);
  }
  return {
    data: {
      x: { label: counters.size === 1 ? [...counters][0]! : 'count', whole: true },
      y: { label: shown(metric), log },
      series,
    },
    runs,
    notes,
  };
}

/** A run that was made again says nothing new: in a mean it would count twice, and make its interval narrower than it is. */
function oneOfEachSeed<T extends { readonly row: RunRow }>(members: readonly T[]): T[] {
  const newest = new Map<number | string, T>();
  for (const member of members) {
    const { seed, id, changed } = member.row;
    const before = newest.get(seed ?? id);
    if (before === undefined || before.row.changed < changed) newest.set(seed ?? id, member);
  }
  return [...newest.values()];
}

/** A group by its settings that differ from other groups' of its scenario; by the scenario too, where those differ. */
function labels(rows: readonly RunRow[], differing: readonly string[]): string[] {
  const scenarios = new Map<string | null, RunRow[]>();
  for (const row of rows) scenarios.set(row.scenario, [...(scenarios.get(row.scenario) ?? []), row]);
  const naming = new Map(
    [...scenarios].map(([scenario, own]) => [
      scenario,
      differing.filter(
        (path) => path !== 'seed' && new Set(own.map(({ settings }) => settings[path])).size > 1,
      ),
    ]),
  );
  return rows.map(({ scenario, settings }) =>
    [
      ...(scenarios.size > 1 ? [scenario ?? 'unknown'] : []),
      ...naming
        .get(scenario)!
        .filter((path) => settings[path] !== undefined && settings[path] !== null)
        .map((path) => {
          const value = settings[path]!;
          return `${shown(path)} ${typeof value === 'number' ? shortNumber(value) : value}`;
        }),
    ].join(', '),
  );
}

/** Colours that can be distinguished for a few; for many, an order of colours, since none is looked for by its colour. */
function styleOf(place: number, count: number): Pick<ChartSeries, 'colour' | 'dash'> {
  if (count <= 2 * ownColours) return { colour: seriesColour(place), dash: seriesDash(place) };
  const steps = 9;
  return { colour: `var(--order-${Math.round((place / Math.max(1, count - 1)) * (steps - 1)) + 1})` };
}
