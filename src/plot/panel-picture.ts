import { axisDomain } from './axes/axis-domain';
import { colourBarRoom, drawCells } from './draw-cells';
import { type Direction, type DrawnCurves, drawCurves, tickMargins, tickRoom } from './draw-curves';
import { drawSpans } from './draw-spans';
import type { Panel, Point, Series } from './figure';
import { drawLabels, type EndLabel, labelLines, labelMargin, labelsHeight } from './labels/draw-labels';
import type { TextStyle } from './labels/font';
import { textHeight, textLines } from './labels/text-lines';
import { uprightLabels } from './labels/upright-labels';
import { wrapText } from './labels/wrap-text';
import { colourKey, grey } from './palette';
import { svgElement } from './svg-element';
import { whatAxesShow } from './what-axes-show';

const titleStyle: TextStyle = { size: 13, bold: true };
const axisStyle: TextStyle = { size: 12 };

export interface PanelSpace {
  readonly width: number;
  /** Height of the part with the curves, in pixels; more where its labels need more. */
  readonly height: number;
  readonly colours: ReadonlyMap<string, string>;
  /** Room above the axes for the labels of spans, in this panel or in one beside it. */
  readonly headRoom: number;
  /** Where its axes go from and to, where other panels have a say in it. */
  readonly domains?: Readonly<Partial<Record<'x' | 'y', readonly [number, number]>>>;
}

/** Room to the left and to the right of a panel's axes, in pixels. */
export interface Margins {
  readonly left: number;
  readonly right: number;
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

/** The room that a panel's tick labels and the labels of its curves need. */
export function panelMargins(panel: Panel, { width, height, domains }: PanelSpace): Margins {
  const { series } = whatAxesShow(panel);
  const x = direction(panel, series, 'x', domains?.x);
  const y = direction(panel, series, 'y', domains?.y);
  const names = namesIn(series, y);
  const ticks = tickMargins({ x, y }, { width, height: Math.max(height, labelsHeight(names)) });
  const beside = panel.cells === undefined ? labelMargin(names) : colourBarRoom;
  return { left: ticks.left, right: Math.max(ticks.right, beside) };
}

/** The lines of each label beside the axes: of curves, then of reference lines. */
function namesIn(series: readonly Series[], { marks }: Direction): string[][] {
  return [...series.filter(hasLabel), ...marks].map(({ label }) => labelLines(label));
}

/** Lays out one panel: axes, curves, direct labels beside their ends, reference lines. All lengths are pixels. */
export function panelPicture(
  panel: Panel,
  { width, height, colours, headRoom, domains }: PanelSpace,
  margins: Margins,
): PanelPicture {
  const { series, notes } = whatAxesShow(panel);
  const x = direction(panel, series, 'x', domains?.x);
  const y = direction(panel, series, 'y', domains?.y);
  const { spans = [], cells } = panel;
  const title = wrapText(panel.title ?? '', width, titleStyle);
  const yLabel = wrapText(panel.y.label, width, axisStyle);
  const { left } = margins;
  const right = width - margins.right;
  const bottom = Math.max(height, labelsHeight(namesIn(series, y)));
  const xLabel = wrapText(panel.x.label, right, axisStyle);
  const headGap = 6 + headRoom;
  return {
    head: textHeight(title.length, titleStyle) + textHeight(yLabel.length, axisStyle) + headGap,
    body: bottom + tickRoom + textHeight(xLabel.length, axisStyle) + 4,
    notes,
    draw(head) {
      const curves = drawCurves({
        ...{ x, y, series, colours, width, left, right, bottom },
        ofCells: cells !== undefined,
      });
      const middle = { ...axisStyle, x: (left + right) / 2, anchor: 'middle' } as const;
      const isEmpty = cells === undefined && x.values.length === 0;
      const yLabelTop = head - headGap - textHeight(yLabel.length, axisStyle);
      return [
        textLines(title, { ...titleStyle, x: 0, y: 0 }),
        textLines(yLabel, { ...axisStyle, x: 0, y: yLabelTop }),
        cells === undefined
          ? ''
          : textLines([cells.label], { ...axisStyle, x: width, anchor: 'end', y: yLabelTop }),
        svgElement(
          'g',
          { transform: `translate(0,${head})` },
          drawSpans(spans, x.domain, (at) => curves.place('x', at), bottom),
          cells === undefined ? '' : drawCells(cells, { place: curves.place, right, bottom }),
          curves.drawn,
          drawLabels(endLabels(series, { x, y }, curves, { colours, right, bottom }), right, bottom),
          uprightLabels({ marks: x.marks, domain: x.domain, series }, curves, { left, right, bottom }),
          textLines(isEmpty ? ['no value to draw'] : [], { ...middle, y: bottom / 2 }),
          textLines(xLabel, { ...middle, y: bottom + tickRoom }),
        ),
      ].join('');
    },
  };
}

/** Whether a series is labelled beside its end. */
const hasLabel = ({ muted = false, labelled = true }: Series) => labelled && !muted;

/** From and to where an axis that several panels share goes. */
export function sharedDomain(panels: readonly Panel[], which: 'x' | 'y'): readonly [number, number] {
  const all = panels.map((panel) => direction(panel, whatAxesShow(panel).series, which));
  const [from, to] = [0, 1].map((end) => all.map(({ domain }) => domain[end]!));
  return [Math.min(...from!), Math.max(...to!)];
}

function direction(
  panel: Panel,
  series: readonly Series[],
  which: 'x' | 'y',
  given?: readonly [number, number],
): Direction {
  const all = series.flatMap((one) => (which === 'y' ? heights(one) : one.points.map(({ x }) => x)));
  const values = all.filter(Number.isFinite);
  const marks = (panel.marks ?? []).filter(({ axis }) => axis === which);
  const ends = which === 'x' ? (panel.spans ?? []).flatMap(({ from, to }) => [from, to]) : [];
  const shown = [...values, ...marks.map(({ at }) => at), ...ends];
  return { axis: panel[which], domain: given ?? axisDomain(panel[which], shown), values, marks };
}

/** Every height at which a series has something. */
function heights({ points, kind, muted = false }: Series): number[] {
  if (muted) return points.map(({ y }) => y);
  return points.flatMap(({ y, low, high }) => [...(kind === 'band' ? [] : [y]), low ?? y, high ?? y]);
}

function endLabels(
  series: readonly Series[],
  { x, y }: Record<'x' | 'y', Direction>,
  { place }: DrawnCurves,
  { colours, right, bottom }: { colours: PanelSpace['colours']; right: number; bottom: number },
): EndLabel[] {
  const heightOf = (value: number) => Math.min(bottom, Math.max(0, place('y', value)));
  const curves = series.filter(hasLabel).flatMap((one): EndLabel[] => {
    const end = lastShown(one, x.domain);
    if (end === undefined) return [];
    const at = { x: place('x', end.x), y: heightOf(end.y) };
    return [{ lines: labelLines(one.label), colour: colours.get(colourKey(one))!, ...at }];
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
