import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ResvgRenderOptions } from '@resvg/resvg-js';
import { ranges } from './font-characters.json';

/** What a text is set in. */
export interface TextStyle {
  /** Height of the letters, in pixels. */
  readonly size: number;
  readonly bold?: boolean;
}

/** As SVG names it. Where a viewer of the SVG has no DejaVu, it takes a font that is about as wide. */
export const fontFamily = "'DejaVu Sans Condensed', 'Helvetica Neue', Arial, sans-serif";

const names = { regular: 'DejaVuSansCondensed.ttf', bold: 'DejaVuSansCondensed-Bold.ttf' };
const wholeFonts = {
  regular: () => require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: () => require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
};

/**
 * The fonts that pictures are drawn and measured with: those of the package `dejavu-fonts-ttf` and no others, so that a
 * machine without any font draws the same picture as one with many. They hold Greek letters and superscripts.
 * @param text What they are for. The build's small files have the characters of most; for others, the whole files are loaded too.
 * @param weights Those that are needed: each takes some time to load, each time.
 */
export function fonts(
  text: string,
  weights: readonly (keyof typeof names)[] = ['regular', 'bold'],
): NonNullable<ResvgRenderOptions['font']> {
  const small = weights.flatMap((weight) => builtFont(names[weight]));
  const isEnough = small.length === weights.length && hasAll(text);
  const whole = isEnough ? [] : weights.map((weight) => wholeFonts[weight]());
  return {
    loadSystemFonts: false,
    fontFiles: [...small, ...whole],
    defaultFontFamily: 'DejaVu Sans Condensed',
  };
}

/** What `npm run build` makes of a font; nothing where it was not run. */
function builtFont(file: string): string[] {
  const places = [join(__dirname, file), resolve(__dirname, '../../../dist/src/plot/labels', file)];
  return places.filter((place) => existsSync(place)).slice(0, 1);
}

const characters = new RegExp(
  `^[\\s${ranges.map(([first, last]) => `\\u{${first!.toString(16)}}-\\u{${last!.toString(16)}}`).join('')}]*$`,
  'u',
);

const hasAll = (text: string): boolean => characters.test(text);
