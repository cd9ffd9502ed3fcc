import { partsOf } from '../chart/aligned';
import type { ChartData, ChartSeries, Range } from '../chart/chart-data';
import { type Scale, scalesOf } from '../chart/scale';
import { shortNumber } from '../text/numbers';

export interface SvgOptions {
  readonly title: string;
  /** Said below: of which run, by which command. */
  readonly note?: string;
  readonly width?: number;
  readonly height?: number;
  readonly range?: Range | null;
  /** From a colour of the page to one that holds outside it. */
  readonly colour?: (colour: string) => string;
}

const font = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
const [ink, grey, faint] = ['#222222', '#5c5c5c', '#dddddd'];
/** How many curves are named; more are too many to distinguish. */
const mostNamed = 14;

/** A chart as a vector drawing: every curve a path, every word text. Same data give the same bytes. */
export function chartSvg(data: ChartData, options: SvgOptions): string {
  const { title, note, width = 720, height = 400, range = null, colour = (same) => same } = options;
  const named = data.series.length <= mostNamed ? data.series : [];
  const legend = legendLines(named, width - 80);
  const top = 34 + 16 * legend.length;
  const bottom = height - 44 - (note === undefined ? 0 : 16);
  const frame = { left: 66, right: width - 16, top, bottom };
  const { x, y } = scalesOf(data, range);
  const across = (value: number) => frame.left + x.place(value) * (frame.right - frame.left);
  const up = (value: number) => frame.bottom - y.place(value) * (frame.bottom - frame.top);
  const label = (words: string, left: number, at: number, more = '') =>
    `<text x="${r(left)}" y="${r(at)}"${more}>${escaped(words)}</text>`;

  const spans = (data.spans ?? [])
    .map(({ from, to, colour: tint }) => ({
      left: Math.max(frame.left, across(from)),
      right: Math.min(frame.right, across(to)),
      tint,
    }))
    .filter(({ left, right }) => right > left)
    .map(
      ({ left, right, tint }) =>
        `<rect x="${r(left)}" y="${frame.top}" width="${r(right - left)}" height="${frame.bottom - frame.top}" fill="${colour(tint)}"/>`,
    );
  const grid = y.ticks.map(
    (tick) => `<path d="M${frame.left} ${r(up(tick))}H${frame.right}" stroke="${faint}"/>`,
  );
  const xMarks = (data.marks ?? []).filter(({ axis }) => axis === 'x');
  const marks = (data.marks ?? [])
    .filter(({ axis, at }) => (axis === 'x' ? within(x, at) : within(y, at)))
    .map((mark) => {
      const { axis, at, label: words, colour: own = grey } = mark;
      const line =
        axis === 'x'
          ? `M${r(across(at))} ${frame.top}V${frame.bottom}`
          : `M${frame.left} ${r(up(at))}H${frame.right}`;
      const place =
        axis === 'x'
          ? label(words, across(at) + 4, frame.top + 12 + 14 * xMarks.indexOf(mark), ` fill="${colour(own)}"`)
          : label(
              words,
              frame.right - 4,
              up(at) + (up(at) - frame.top > 14 ? -4 : 12),
              ` fill="${colour(own)}" text-anchor="end"`,
            );
      return `<path d="${line}" stroke="${colour(own)}" stroke-dasharray="4 3"/>${place}`;
    });
  const curves = data.series.map((series) =>
    curveOf(series, data.y.log === true, across, up, colour(series.colour)),
  );

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}" font-size="12" fill="${ink}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    label(title, frame.left, 22, ' font-size="14" font-weight="600"'),
    ...legend.flatMap((line, i) =>
      line.map(
        ({ series, left }) =>
          `<path d="M${frame.left + left} ${36 + 16 * i}h16" stroke="${colour(series.colour)}" stroke-width="2"${dash(series)}/>${label(series.label, frame.left + left + 21, 40 + 16 * i)}`,
      ),
    ),
    `<clipPath id="frame"><rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}"/></clipPath>`,
    ...spans,
    ...grid,
    `<g fill="${grey}" text-anchor="end">`,
    ...y.ticks.map((tick) => label(shortNumber(tick), frame.left - 7, up(tick) + 4)),
    '</g>',
    `<g fill="${grey}" text-anchor="middle">`,
    ...x.ticks.map(
      (tick) =>
        `<path d="M${r(across(tick))} ${frame.bottom}v4" stroke="${grey}"/>${label(shortNumber(tick), across(tick), frame.bottom + 17)}`,
    ),
    label(data.x.label, (frame.left + frame.right) / 2, frame.bottom + 34, ` fill="${ink}"`),
    label(
      data.y.label,
      0,
      0,
      ` fill="${ink}" transform="translate(14 ${r((frame.top + frame.bottom) / 2)}) rotate(-90)"`,
    ),
    '</g>',
    `<g fill="none" stroke-linejoin="round" clip-path="url(#frame)">`,
    ...curves,
    '</g>',
    ...marks,
    `<path d="M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}" fill="none" stroke="${grey}"/>`,
    ...(note === undefined ? [] : [label(note, frame.left, height - 8, ` fill="${grey}" font-size="10"`)]),
    '</svg>',
  ].join('\n')}\n`;
}

function curveOf(
  series: ChartSeries,
  log: boolean,
  across: (x: number) => number,
  up: (y: number) => number,
  colour: string,
): string {
  const drawn = (value: number | null | undefined): value is number =>
    value !== null && value !== undefined && Number.isFinite(value) && (!log || value > 0);
  const parts = new Map(partsOf(series));
  const points = (values: ArrayLike<number | null>) =>
    runsOf(values, drawn).map((run) => run.map((i) => `${r(across(series.x[i]!))} ${r(up(values[i]!))}`));
  const path = (values: ArrayLike<number | null>, width: number) =>
    `<path d="${points(values)
      .map((run) => `M${run.join('L')}${run.length === 1 ? 'h0.01' : ''}`)
      .join(
        '',
      )}" stroke="${colour}" stroke-width="${width}"${run1(values) ? ' stroke-linecap="round"' : ''}${dash(series)}/>`;
  const run1 = (values: ArrayLike<number | null>) => points(values).some((run) => run.length === 1);
  const [y, low, high] = [parts.get('y'), parts.get('low'), parts.get('high')];
  const width = series.width ?? 1.5;
  const pieces: string[] = [];
  if (low !== undefined && high !== undefined) {
    const both = Array.from(low, (value, i) => (drawn(value) && drawn(high[i]) ? value : null));
    for (const run of runsOf(both, drawn)) {
      const edge = (values: ArrayLike<number | null>) => (i: number) =>
        `${r(across(series.x[i]!))} ${r(up(values[i]!))}`;
      const [upper, lower] = [run.map(edge(high)), run.map(edge(low)).reverse()];
      pieces.push(`<path d="M${[...upper, ...lower].join('L')}Z" fill="${colour}" fill-opacity="0.2"/>`);
    }
    if (y === undefined) pieces.push(path(low, width / 2), path(high, width / 2));
  }
  if (y !== undefined && series.points !== 'only' && series.points !== 'ring') pieces.push(path(y, width));
  if (y !== undefined && series.points) {
    for (const point of points(y).flat()) {
      const [cx, cy] = point.split(' ');
      pieces.push(
        series.points === 'ring'
          ? `<circle cx="${cx}" cy="${cy}" r="5.5" stroke="${colour}" stroke-width="2"/>`
          : `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`,
      );
    }
  }
  return pieces.join('');
}

/** Indices of values that follow one another without a gap. */
function runsOf(
  values: ArrayLike<number | null>,
  drawn: (value: number | null | undefined) => boolean,
): number[][] {
  const runs: number[][] = [];
  let current: number[] | undefined;
  for (let i = 0; i < values.length; i++) {
    if (!drawn(values[i])) {
      current = undefined;
      continue;
    }
    if (current === undefined) {
      current = [];
      runs.push(current);
    }
    current.push(i);
  }
  return runs;
}

function legendLines(series: readonly ChartSeries[], width: number) {
  const lines: { series: ChartSeries; left: number }[][] = [];
  let [line, left]: [{ series: ChartSeries; left: number }[], number] = [[], 0];
  for (const each of series) {
    // Without a canvas to measure by: what 12 px take on average.
    const long = 36 + 6.4 * each.label.length;
    if (left > 0 && left + long > width) {
      lines.push(line);
      [line, left] = [[], 0];
    }
    line.push({ series: each, left: Math.round(left) });
    left += long;
  }
  return line.length > 0 ? [...lines, line] : lines;
}

const within = ({ from, to }: Scale, value: number) => value >= from && value <= to;
const dash = ({ dash: gaps }: ChartSeries) =>
  gaps === undefined || gaps.length === 0 ? '' : ` stroke-dasharray="${gaps.join(' ')}"`;
const r = (value: number) => Number(value.toFixed(2));
export const escaped = (words: string) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
