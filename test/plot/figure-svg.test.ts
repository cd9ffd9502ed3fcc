import { DOMParser } from 'linkedom';
import { PNG } from 'pngjs';
import { figureSvg } from '../../src/plot/figure-svg';
import { svgPng } from '../../src/plot/svg-png';
import {
  bandAndDots,
  closeLines,
  exampleFigures,
  oddValues,
  shadedPhases,
  smallMultiples,
  twoPanels,
} from './example-figures';

const command = 'npx metaplast run toy --preset paper --seed 3';
const drawn = (figure: (typeof exampleFigures)[number]) => figureSvg({ ...figure, command });

const named = exampleFigures.map((figure) => [figure.name, figure] as const);

const pixelsOf = (svg: string, width?: number) => PNG.sync.read(Buffer.from(svgPng(svg, width)));

/** Places along the four edges, so many pixels in from each. */
function borderOf(width: number, height: number, inset: number): [x: number, y: number][] {
  const places: [number, number][] = [];
  for (let x = 0; x < width; x++) places.push([x, inset], [x, height - 1 - inset]);
  for (let y = 0; y < height; y++) places.push([inset, y], [width - 1 - inset, y]);
  return places;
}

interface Text {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

function textsOf(svg: string): Text[] {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  return [...document.querySelectorAll('text')] as unknown as Text[];
}

const wordsOf = (svg: string) => textsOf(svg).map(({ textContent }) => textContent);

/** Texts that stand in the panel's label column: left-aligned in one of the curves' colours or grey, twelve pixels high. */
function labelsOf(svg: string) {
  const labels = textsOf(svg).filter(
    (text) => text.getAttribute('font-size') === '12' && text.getAttribute('fill') !== '#222222',
  );
  return labels.map((text) => ({
    label: text.textContent,
    colour: text.getAttribute('fill'),
    y: Number(text.getAttribute('y')),
  }));
}

describe('a drawn figure', () => {
  test('has its title, what its axes show, ticks, labels, caption and command', () => {
    const words = wordsOf(drawn(closeLines));
    expect(words).toEqual(
      expect.arrayContaining([
        ...[closeLines.title, 'nudging strength β', 'relative error of ∇̂λ'],
        ...['10⁻⁴', '10⁻³', '10⁰', '10¹', '0.001', '0.1'],
        ...['forward', '3 points', '5 points', 'upper bound of Eq. 8', 'β* = 0.0032', 'float32 noise floor'],
        `Made by: ${command}`,
      ]),
    );
    expect(words.join(' ')).toContain(closeLines.caption);
  });

  test('keeps the labels of curves that end together a line apart, in the order of the curves', () => {
    const labels = labelsOf(drawn(closeLines)).sort((a, b) => a.y - b.y);
    expect(labels.map(({ label }) => label)).toEqual([
      ...['upper bound of Eq. 8', '5 points', '4 points', '3 points', 'forward', 'float32 noise floor'],
    ]);
    labels.slice(1).forEach(({ y }, i) => {
      expect(y - labels[i]!.y).toBeGreaterThanOrEqual(12 * 1.3 - 0.011); // a line's height, in hundredths of a pixel
    });
  });

  test('gives the same label the same colour in every panel', () => {
    const labels = labelsOf(drawn(twoPanels)).filter(({ label }) => label !== 'variance of the noise');
    expect(labels.map(({ label }) => label).sort()).toEqual(['contrastive', 'contrastive', 'maml', 'maml']);
    expect(new Set(labels.map(({ label, colour }) => `${label} ${colour}`)).size).toBe(2);
  });

  test('has a band, dots with bars, and dashes, where the series say so', () => {
    const svg = drawn(bandAndDots);
    expect(svg).toContain('aria-label="area"');
    expect(svg.match(/<circle /g)).toHaveLength(4);
    expect(drawn(closeLines)).toContain('stroke-dasharray="5 4"');
  });

  test('shades stretches of x behind its curves, each with its label above where that fits', () => {
    const svg = drawn(shadedPhases);
    for (const shade of ['#f4f4f4', '#fbe9c4', '#d9edf9']) expect(svg).toContain(`fill="${shade}"`);
    expect(svg.indexOf('#fbe9c4')).toBeLessThan(svg.indexOf('aria-label="line"'));
    const words = wordsOf(svg);
    // In both panels, and the free phase of two steps has no room for a word.
    for (const label of ['free', 'beta = 0.1', 'beta = -0.1']) {
      expect(words.filter((word) => word === label)).toHaveLength(2);
    }
  });

  test('draws muted series grey and without a label, and leaves them their colour elsewhere', () => {
    const svg = drawn(smallMultiples);
    expect(labelsOf(svg)).toEqual([]);
    expect(svg.match(/stroke="#b8b8b8"/g)).toHaveLength(5 * 4);
    expect(svg.match(/aria-label="area"/g)).toHaveLength(5); // intervals of its own curve only
    for (const colour of ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00']) {
      expect(svg.match(new RegExp(`stroke="${colour}"`, 'g'))).toHaveLength(1);
    }
  });

  test('has the same ticks in every panel where panels share their axes, else each its own', () => {
    const panels = smallMultiples.panels.map(({ series, ...panel }) => ({
      ...panel,
      series: series.filter(({ muted }) => muted !== true),
    }));
    const ticksIn = (figure: typeof smallMultiples) =>
      wordsOf(drawn(figure)).filter((word) => word === '5').length;
    expect(ticksIn({ ...smallMultiples, panels })).toBe(5);
    expect(ticksIn({ ...smallMultiples, panels, sharedAxes: ['x'] })).toBeLessThan(5);
  });

  test('says what it cannot show, and where there is nothing at all', () => {
    const words = wordsOf(drawn(oddValues));
    expect(words.join(' ')).toContain(
      'Not shown: 1 of 5 points of "reaches zero", at or below 0 on a log axis.',
    );
    expect(words.join(' ')).toContain('Not shown: 2 of 4 points of "diverged", not finite.');
    expect(words.filter((text) => text === 'no value to draw')).toHaveLength(1);
  });

  test('writes signs of XML in labels as they are', () => {
    expect(wordsOf(drawn(oddValues))).toEqual(expect.arrayContaining(['a < b & "c"', 'share < 1 & "rest"']));
  });

  test.each(named)('%s is cut off nowhere: its border stays white', (_, figure) => {
    const { width, height, data } = pixelsOf(drawn(figure), 1000);
    for (const [x, y] of borderOf(width, height, 8)) {
      const at = 4 * (y * width + x);
      expect([x, y, data[at], data[at + 1], data[at + 2]]).toEqual([x, y, 255, 255, 255]);
    }
  });

  test.each(named)('%s is the same text each time', (_, figure) => {
    expect(drawn(figure)).toBe(drawn(figure));
  });

  test.each([NaN, Infinity])('has no %s in its geometry', (value) => {
    expect(exampleFigures.map(drawn).join('')).not.toContain(String(value));
  });
});

describe('a PNG of it', () => {
  const svg = drawn(twoPanels);
  const width = Number(/width="(\d+)"/.exec(svg)![1]);

  test('is a picture twice as wide as the SVG, or as wide as asked for', () => {
    expect(pixelsOf(svg).width).toBe(2 * width);
    expect(pixelsOf(svg, 500).width).toBe(500);
  });

  test('has the colours of its curves', () => {
    const { data } = pixelsOf(svg, width);
    const colours = new Set<number>();
    for (let i = 0; i < data.length; i += 4) colours.add(data.readUIntBE(i, 3));
    expect([colours.has(0x0072b2), colours.has(0xd55e00)]).toEqual([true, true]);
  });

  test('has its letters, by the bundled fonts alone', () => {
    const blank = svg.replace(/<text[^>]*>[^<]*<\/text>/g, '');
    const dark = (picture: string) =>
      pixelsOf(picture, width).data.reduce((sum, byte) => sum + (byte < 128 ? 1 : 0), 0);
    expect(dark(svg)).toBeGreaterThan(2 * dark(blank));
  });
});
