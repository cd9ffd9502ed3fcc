import type { ResvgRenderOptions } from '@resvg/resvg-js';

/** What a text is set in. */
export interface TextStyle {
  /** Height of the letters, in pixels. */
  readonly size: number;
  readonly bold?: boolean;
}

/** As SVG names it. Where a viewer of the SVG has no DejaVu, it takes a font that is about as wide. */
export const fontFamily = "'DejaVu Sans Condensed', 'Helvetica Neue', Arial, sans-serif";

const files = {
  regular: () => require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: () => require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
};

type FontOptions = NonNullable<ResvgRenderOptions['font']>;

/**
 * The fonts that pictures are drawn and measured with: those of the package `dejavu-fonts-ttf` and no others, so that a
 * machine without any font draws the same picture as one with many. They hold Greek letters and superscripts.
 * @param weights Those that are needed: each takes a millisecond to load, each time.
 */
export function fonts(weights: readonly (keyof typeof files)[] = ['regular', 'bold']): FontOptions {
  return {
    loadSystemFonts: false,
    fontFiles: weights.map((weight) => files[weight]()),
    defaultFontFamily: 'DejaVu Sans Condensed',
  };
}
