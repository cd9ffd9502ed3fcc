import { Resvg } from '@resvg/resvg-js';
import { fonts } from './labels/font';

/**
 * An SVG picture as a PNG file's bytes, with the bundled fonts: the same on every machine.
 * @param width Its width in pixels; twice the SVG's unless told, so that letters are sharp.
 */
export function svgPng(svg: string, width?: number): Uint8Array {
  const fitTo =
    width === undefined ? ({ mode: 'zoom', value: 2 } as const) : ({ mode: 'width', value: width } as const);
  return new Resvg(svg, { font: fonts(svg), fitTo }).render().asPng();
}
