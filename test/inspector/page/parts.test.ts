import fc from 'fast-check';
import { addressOf } from '../../../src/inspector/page/api/ask';
import { ProblemError, problemOf } from '../../../src/inspector/page/api/problem';
import { csvOf } from '../../../src/inspector/page/export/csv';
import { rowWindow } from '../../../src/inspector/page/table/window';
import { fileStem } from '../../../src/inspector/page/text/file-name';
import { shortNumber } from '../../../src/inspector/page/text/numbers';
import { shown } from '../../../src/inspector/page/text/symbols';

describe('the rows drawn of a long table', () => {
  it('have every row in sight among them, and make up the height of all', () => {
    const any = fc.record({
      count: fc.nat(2000),
      scrolled: fc.nat(60_000),
      height: fc.integer({ min: 0, max: 1200 }),
    });
    fc.assert(
      fc.property(any, ({ count, scrolled, height }) => {
        const { first, end, before, after } = rowWindow(scrolled, height, 26, count);
        expect(before + (end - first) * 26 + after).toBe(26 * count);
        const top = Math.min(scrolled, Math.max(0, 26 * count - height));
        expect(first * 26).toBeLessThanOrEqual(top);
        expect(end).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((top + height) / 26)));
        expect(end - first).toBeLessThanOrEqual(Math.ceil(height / 26) + 26);
      }),
    );
  });
});

describe('words', () => {
  it('of a number are near it by the digits they have', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (value) => {
        expect(Math.abs(Number(shortNumber(value)) - value)).toBeLessThanOrEqual(
          5.1e-4 * Math.abs(value) + 1e-323,
        );
        expect(shortNumber(value).length).toBeLessThanOrEqual(11);
      }),
    );
    expect([0, 0.25, 1234567, 1e-7, 123456789].map((value) => shortNumber(value))).toEqual([
      '0',
      '0.25',
      '1234567',
      '1e-7',
      '1.235e8',
    ]);
    expect(shortNumber(0.25, 4, true)).toBe('0.2500');
    expect(shortNumber(Number.NaN)).toBe('not a number');
  });

  it('spell Greek letters by their symbols, and leave words that begin so alone', () => {
    expect(shown('gradient.lambda of phi, beta = 1')).toBe('gradient.λ of φ, β = 1');
    expect(shown('alphabet mutual')).toBe('alphabet mutual');
  });

  it('of a file say run and what, and nothing that file systems refuse', () => {
    expect(fileStem('study/trials/2026-01-31-boston-s1', 'Held-out loss: λ?')).toBe(
      '2026-01-31-boston-s1-held-out-loss',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (words) => {
        expect(fileStem(words)).toMatch(/^[a-z0-9_][a-z0-9_.-]{0,119}$/);
      }),
    );
  });

  it('with commas, quotes and line ends are quoted in CSV', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['x,"y"', null],
          ['l\nm', 0.1],
        ],
      ),
    ).toBe('a,b\n"x,""y""",\n"l\nm",0.1\n');
  });
});

describe('requests', () => {
  it('have lists entry by entry, and leave out what is not given', () => {
    expect(addressOf('curves', { id: ['a b', 'c&d'], metric: 'loss', from: null })).toBe(
      'api/curves?id=a+b&id=c%26d&metric=loss',
    );
    expect(addressOf('runs')).toBe('api/runs');
  });

  it('that are not met are said in the words of the server, or that nobody answers', () => {
    expect(problemOf(new ProblemError({ what: 'No such run', got: 'x' }))).toEqual({
      what: 'No such run',
      got: 'x',
    });
    expect(problemOf(new TypeError('Failed to fetch')).what).toBe('The server of this page does not answer.');
  });
});
