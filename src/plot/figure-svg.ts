import type { Figure } from './figure';
import { fontFamily, type TextStyle } from './labels/font';
import { textHeight, textLines } from './labels/text-lines';
import { wrapText } from './labels/wrap-text';
import { coloursOf, ink } from './palette';
import { panelPicture } from './panel-picture';
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
 * Draws a figure: its title, its panels side by side (three in a row at the most; four in two rows), and below them its
 * caption, what the axes could not show, and the command that made it. The same figure gives the same text.
 * @returns An SVG document.
 * @throws MetaplastError where metaplast was not built.
 */
export function figureSvg({ title, caption, command, panels }: MadeFigure): string {
  const colours = coloursOf(panels.flatMap(({ series }) => series.map(({ label }) => label)));
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
  const space = columns === 1 ? { width: 680, height: 320 } : { width: 480, height: 250 };
  const pictures = panels.map((panel) => panelPicture(panel, { ...space, colours }));
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
  write([caption, ...pictures.flatMap(({ notes }) => notes)].join(' '), captionStyle, 6);
  write(`Made by: ${command}`, captionStyle, border);

  const [width, height] = [inside + 2 * border, Math.ceil(y)];
  const page = { xmlns: svgNamespace, width, height, viewBox: `0 0 ${width} ${height}` };
  const look = { 'font-family': fontFamily, color: ink };
  const ground = svgElement('rect', { width, height, fill: 'white' });
  return `${numberedAnew(svgElement('svg', { ...page, ...look }, ground, ...parts))}\n`;
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
