import { axisDomain } from './axes/axis-domain';
import { type Direction, type DrawnCurves, drawCurves, tickRoom } from './draw-curves';
import type { Panel, Point, Series } from './figure';
import { drawLabels, type EndLabel, labelLines, labelMargin, labelsHeight } from './labels/draw-labels';
import type { TextStyle } from './labels/font';
import { textHeight, textLines } from './labels/text-lines';
import { textWidth } from './labels/text-width';
import { wrapText } from './labels/wrap-text';
import { grey } from './palette';
import { svgElement } from './svg-element';
import { whatAxesShow } from './what-axes-show';

const titleStyle: TextStyle = { size: 13, bold: true };
const axisStyle: TextStyle = { size: 12 };
const markStyle: TextStyle = { size: 11 };

export interface PanelSpace {
  readonly width: number;
  /** Height of the part with the curves, in pixels; more where its labels need more. */
  readonly height: number;
  readonly colours: ReadonlyMap<string, string>;
}

/** A panel that has been laid out and can be drawn. */
export interface PanelPicture {
  /** Height of its title and of what its y axis shows, in pixels. */
  readonly head: number;
  /** Height of the rest, in pixels. */
  readonly body: number;
  /** What is to be said in the caption. */
  readonly notes: readonly string[];
  /** Its SVG elements, with a head at least as high as its own, so that panels side by side are level. */
  draw(head: number): string;
}

/** Lays out one panel: axes, curves, direct labels beside their ends, reference lines. All lengths are pixels. */
export function panelPicture(panel: Panel, { width, height, colours }: PanelSpace): PanelPicture {
  const { series, notes } = whatAxesShow(panel);
  const x = direction(
    panel,
    'x',
    series.flatMap(({ points }) => points.map((point) => point.x)),
  );
  const y = direction(panel, 'y', series.flatMap(heights));
  const title = wrapText(panel.title ?? '', width, titleStyle);
  const yLabel = wrapText(panel.y.label, width, axisStyle);
  const names = [...series, ...y.marks].map(({ label }) => labelLines(label));
  const right = width - labelMargin(names);
  const bottom = Math.max(height, labelsHeight(names));
  const xLabel = wrapText(panel.x.label, right, axisStyle);
  const headGap = 6;
  return {
    head: textHeight(title.length, titleStyle) + textHeight(yLabel.length, axisStyle) + headGap,
    body: bottom + tickRoom + textHeight(xLabel.length, axisStyle) + 4,
    notes,
    draw(head) {
      const curves = drawCurves({ x, y, series, colours, width, right, bottom });
      const middle = { ...axisStyle, x: (curves.left + right) / 2, anchor: 'middle' } as const;
      const isEmpty = x.values.length === 0;
      const yLabelTop = head - headGap - textHeight(yLabel.length, axisStyle);
      return [
        textLines(title, { ...titleStyle, x: 0, y: 0 }),
        textLines(yLabel, { ...axisStyle, x: 0, y: yLabelTop }),
        svgElement(
          'g',
          { transform: `translate(0,${head})` },
          curves.drawn,
          drawLabels(endLabels(series, { x, y }, curves, { colours, right, bottom }), right, bottom),
          uprightLabels(x, curves, right),
          textLines(isEmpty ? ['no value to draw'] : [], { ...middle, y: bottom / 2 }),
          textLines(xLabel, { ...middle, y: bottom + tickRoom }),
        ),
      ].join('');
    },
  };
}

function direction(panel: Panel, which: 'x' | 'y', all: readonly number[]): Direction {
  const values = all.filter(Number.isFinite);
  const marks = (panel.marks ?? []).filter(({ axis }) => axis === which);
  const domain = axisDomain(panel[which], [...values, ...marks.map(({ at }) => at)]);
  return { axis: panel[which], domain, values, marks };
}

/** Every height at which a series has something. */
function heights({ points, kind }: Series): number[] {
  return points.flatMap(({ y, low, high }) => [...(kind === 'band' ? [] : [y]), low ?? y, high ?? y]);
}

function endLabels(
  series: readonly Series[],
  { x, y }: Record<'x' | 'y', Direction>,
  { place }: DrawnCurves,
  { colours, right, bottom }: { colours: PanelSpace['colours']; right: number; bottom: number },
): EndLabel[] {
  const heightOf = (value: number) => Math.min(bottom, Math.max(0, place('y', value)));
  const curves = series.flatMap((one): EndLabel[] => {
    const end = lastShown(one, x.domain);
    if (end === undefined) return [];
    const at = { x: place('x', end.x), y: heightOf(end.y) };
    return [{ lines: labelLines(one.label), colour: colours.get(one.label)!, ...at }];
  });
  const lines = y.marks.map(({ label, at }) => ({
    lines: labelLines(label),
    colour: grey,
    x: right,
    y: heightOf(at),
  }));
  return [...curves, ...lines];
}

/** The last point within the x axis. */
function lastShown({ points }: Series, [from, to]: readonly [number, number]): Point | undefined {
  const within = points.filter(({ x }) => x >= from && x <= to);
  return within.reduce<Point | undefined>(
    (last, point) => (last !== undefined && point.x < last.x ? last : point),
    undefined,
  );
}

/** The labels of upright reference lines, each a line lower than the one before, so that none covers another. */
function uprightLabels(
  { marks, domain: [from, to] }: Direction,
  { place }: DrawnCurves,
  right: number,
): string {
  const seen = marks.filter(({ at }) => at >= from && at <= to);
  return seen
    .map(({ label, at }, i) => {
      const before = place('x', at) + textWidth(label, markStyle) + 8 > right;
      const style = { ...markStyle, fill: grey, seam: true, anchor: before ? 'end' : 'start' } as const;
      return textLines([label], {
        ...style,
        x: place('x', at) + (before ? -4 : 4),
        y: 4 + textHeight(i, markStyle),
      });
    })
    .join('');
}
