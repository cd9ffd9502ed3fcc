import { InputError } from '../../../core/errors';
import type { Axis, Panel, Series } from '../../../plot/figure';
import type { Group } from '../group-runs';
import { settingText } from '../settings';
import { varyingTogether } from '../varying-together';

/** What a row is called among others: its values of the settings that tell them apart, and its method. */
export function rowLabels(groups: readonly Group[], paths: readonly string[]): string[] {
  const telling = varyingTogether(groups, paths)
    .map(({ path }) => path)
    .filter((path) => new Set(groups.map(({ settings }) => settingText(settings.get(path)))).size > 1);
  const methods = new Set(groups.map(({ method }) => method)).size > 1;
  return groups.map(({ settings, method }) => {
    const words = telling.map((path) => `${path.replace(/^--/, '')} ${settingText(settings.get(path))}`);
    const all = [...(methods && method !== null ? [method] : []), ...words];
    return all.join(', ') || method || 'mean';
  });
}

/** A curve in each of the panels, by metric. */
export type Curves = readonly { readonly metric: string; readonly series: readonly Series[] }[];

/** Bands that can be told apart where they lie over each other. */
export const mostBands = 3;

const mostPanels = 12;

/**
 * A panel for each metric; where a panel would have more bands than can be told apart, a panel for each curve of the first metric, with the others grey behind it.
 * @throws InputError where there are more curves than a figure can show.
 */
export function panelsOf(
  curves: Curves,
  x: Axis,
  y: (metric: string) => Axis,
): Pick<ManyPanels, 'panels' | 'sharedAxes'> {
  const labelled = Math.max(...curves.map(({ series }) => series.length));
  if (labelled <= mostBands) {
    const panels = curves.map(({ metric, series }) => ({ x, y: y(metric), series }));
    return { panels };
  }
  if (labelled > mostPanels) {
    throw new InputError({
      what: `A figure of ${labelled} curves cannot be read`,
      legal: `up to ${mostPanels} curves`,
      advice: 'Keep some by --where, or take fewer settings apart by --group-by',
    });
  }
  const { metric, series } = curves[0]!;
  const panels = series.map((own) => ({
    title: own.label,
    x,
    y: y(metric),
    series: series.map(
      (one): Series => (one === own ? { ...one, labelled: false } : { ...one, muted: true }),
    ),
  }));
  return { panels, sharedAxes: ['x', 'y'] };
}

interface ManyPanels {
  readonly panels: readonly Panel[];
  readonly sharedAxes?: readonly ('x' | 'y')[];
}

/** An axis for values: logarithmic where they span decades, with a 0 where they have one too. */
export function axisFor(label: string, values: readonly number[], decades: number): Axis {
  const positive = values.filter((value) => value > 0);
  const spans = positive.length > 0 && Math.max(...positive) / Math.min(...positive) >= 10 ** decades;
  if (!spans || values.some((value) => value < 0)) return { label, scale: 'linear' };
  return positive.length < values.length ? { label, scale: 'log', withZero: true } : { label, scale: 'log' };
}

/** How many seeds the rows have, in words. */
export function seedsInWords(groups: readonly Group[]): string {
  const counts = groups.map(({ seeds }) => seeds.length).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return 'One seed each, so that there is no band: it says nothing of the spread over seeds.';
  const of = least === most ? `${most} seeds` : `${least} to ${most} seeds`;
  const alone = least === 1 ? ' Where there is one seed, there is no band.' : '';
  return `Mean over ${of}, with its 95 % confidence band (Student's t).${alone}`;
}
