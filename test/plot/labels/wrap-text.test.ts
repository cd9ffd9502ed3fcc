import fc from 'fast-check';
import { textWidth } from '../../../src/plot/labels/text-width';
import { wrapText } from '../../../src/plot/labels/wrap-text';

const style = { size: 12 };
const words = fc.array(
  fc.constantFrom('a', 'of', 'the', 'β*', 'equilibrium', 'meta-gradient', 'WWWW', 'iiii'),
  { minLength: 1, maxLength: 30 },
);

describe('wrapped text', () => {
  test('has every word in order, on lines that fit', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 60, max: 400 }), (given, width) => {
        const lines = wrapText(given.join(' '), width, style);
        expect(lines.join(' ')).toBe(given.join(' '));
        for (const line of lines.filter((one) => one.includes(' '))) {
          expect(textWidth(line, style)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 20 }, // each measures some ten lines, at several ms a line
    );
  });

  test('leaves a word that is too wide whole', () => {
    expect(wrapText('an incomprehensibility', 20, style)).toEqual(['an', 'incomprehensibility']);
  });

  test('is no line where there is no text', () => {
    expect(wrapText(' ', 100, style)).toEqual([]);
  });
});

describe('the width of a text', () => {
  test('grows with its letters, their size and their weight', () => {
    const width = textWidth('loss', style);
    expect(textWidth('losses', style)).toBeGreaterThan(width);
    expect(textWidth('loss', { size: 24 }) / width).toBeCloseTo(2, 1); // letters are fitted to the pixel grid
    expect(textWidth('loss', { size: 12, bold: true })).toBeGreaterThan(width);
  });

  test('is known for the Greek letters and signs of the paper', () => {
    for (const letter of 'βλωφθδ∇∂⁻⁵×≤') expect(textWidth(letter, style)).toBeGreaterThan(2);
  });
});
