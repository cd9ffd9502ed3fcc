import { spanRoom } from './draw-spans';
import type { Figure } from './figure';
import { fontFamily, type TextStyle } from './labels/font';
import { textHeight, textLines } from './labels/text-lines';
import { wrapText } from './labels/wrap-text';
import { colourKey, coloursOf, ink } from './palette';
import { type Margins, panelMargins, panelPicture, sharedDomain } from './panel-picture';
import { svgElement, svgNamespace } from './svg-element';

const titleStyle: TextStyle = { size: 16, bold: true };
const captionStyle: TextStyle = { size: 12 };
const border = 16;
/** Between two panels. */
const gap = 28;

/** A figure with the command that made it. */
export interface MadeFigure extends Figure {
  readonly command: string;
}

/**
 * Draws a figure: its title, its panels in rows, and below them its caption, what the axes could not show, and the command that made it. The same figure gives the same text.
 * @returns An SVG document.
 * @throws MetaplastError where metaplast was not built.
 */
export function figureSvg({ title, caption, command, panels, ...layout }: MadeFigure): string {
  const shown = panels.flatMap(({ series }) => series.filter(({ muted }) => muted !== true));
  const colours = coloursOf(shown.map(colourKey));
  const columns = Math.min(layout.columns ?? (panels.length === 4 ? 2 : 3), panels.length);
  const space = { width: widthOf(columns), height: layout.panelHeight ?? (columns === 1 ? 320 : 250) };
  const shared = (layout.sharedAxes ?? []).map((which) => [which, sharedDomain(panels, which)]);
  const domains = Object.fromEntries(shared);
  const headRoom = Math.max(...panels.map(({ spans = [] }) => spanRoom(spans)));
  const given = { ...space, colours, domains, headRoom };
  const margins = panels.map((panel) => panelMargins(panel, given));
  const pictures = panels.map((panel, i) => {
    // Panels below each other stand in line.
    const inColumn = margins.filter((_, other) => other % columns === i % columns);
    return panelPicture(panel, given, widest(inColumn));
  });
  const inside = columns * space.width + (columns - 1) * gap;
  const parts: string[] = [];
  let y = border;

  const write = (text: string, style: TextStyle, below: number): void => {
    const lines = wrapText(text, inside, style);
    parts.push(textLines(lines, { ...style, x: border, y }));
    y += textHeight(lines.length, style) + below;
  };

  write(title, titleStyle, 14);
  for (let first = 0; first < pictures.length; first += columns) {
    const row = pictures.slice(first, first + columns);
    const head = Math.max(...row.map((picture) => picture.head));
    row.forEach((picture, column) => {
      const transform = `translate(${border + column * (space.width + gap)},${y})`;
      parts.push(svgElement('g', { transform }, picture.draw(head)));
    });
    y += head + Math.max(...row.map(({ body }) => body)) + 14;
  }
  write([...new Set([caption, ...pictures.flatMap(({ notes }) => notes)])].join(' '), captionStyle, 6);
  write(`Made by: ${command}`, captionStyle, border);

  const [width, height] = [inside + 2 * border, Math.ceil(y)];
  const page = { xmlns: svgNamespace, width, height, viewBox: `0 0 ${width} ${height}` };
  const look = { 'font-family': fontFamily, color: ink };
  const ground = svgElement('rect', { width, height, fill: 'white' });
  return `${numberedAnew(svgElement('svg', { ...page, ...look }, ground, ...parts))}\n`;
}

function widest(margins: readonly Margins[]): Margins {
  const most = (side: keyof Margins) => Math.max(...margins.map((margin) => margin[side]));
  return { left: most('left'), right: most('right') };
}

/** How wide a panel is, in pixels. */
function widthOf(columns: number): number {
  if (columns === 1) return 680;
  return columns <= 3 ? 480 : 340;
}

/** Observable Plot numbers clip paths over all that a process draws; here they begin anew with each figure. */
function numberedAnew(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/plot-clip-\d+/g, (id) => {
    const name = names.get(id) ?? `clip-${names.size + 1}`;
    names.set(id, name);
    return name;
  });
}
