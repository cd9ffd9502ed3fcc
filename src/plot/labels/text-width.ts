import { Resvg } from '@resvg/resvg-js';
import { escaped, svgElement, svgNamespace } from '../svg-element';
import { fontFamily, fonts, type TextStyle } from './font';

const known = new Map<string, number>();

/** How wide a line of text is drawn, in pixels, by the very code and fonts that draw it. */
export function textWidth(text: string, { size, bold = false }: TextStyle): number {
  if (text.trim() === '') return 0;
  const key = `${size} ${bold} ${text}`;
  const width = known.get(key) ?? measured(text, size, bold);
  known.set(key, width);
  return width;
}

function measured(text: string, size: number, bold: boolean): number {
  const weight = bold ? 'bold' : undefined;
  const drawn = svgElement('text', { 'font-size': size, 'font-weight': weight }, escaped(text));
  const namespace = { xmlns: svgNamespace, 'font-family': fontFamily };
  return (
    new Resvg(svgElement('svg', namespace, drawn), {
      font: fonts(text, [bold ? 'bold' : 'regular']),
    }).getBBox()?.width ?? 0
  );
}
