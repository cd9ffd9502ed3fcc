import fc from 'fast-check';
import {
  cellEnds,
  cellSpread,
  joinedSpread,
} from '../../../../src/inspector/page/synapses/colour/cell-spread';
import {
  entries,
  rangeOf,
  spreadOf,
  valueOfEntry,
} from '../../../../src/inspector/page/synapses/colour/colour-range';
import { colourTable, hexOf, tableLength } from '../../../../src/inspector/page/synapses/colour/colour-table';
import {
  chosenRange,
  endsFromText,
  textOfEnds,
} from '../../../../src/inspector/page/synapses/colour/scale-choice';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const many = fc.array(fc.oneof(finite, fc.constantFrom(Number.NaN, Infinity, -Infinity)), { minLength: 1 });

/** As people see it, by the relative luminance of sRGB (WCAG 2). */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

describe('the spread of values', () => {
  test('is of the finite ones, as a sort finds it', () => {
    fc.assert(
      fc.property(many, (values) => {
        const kept = values.filter(Number.isFinite).sort((a, b) => a - b);
        const spread = spreadOf(Float64Array.from(values));
        if (kept.length === 0) expect(spread).toBeNull();
        else {
          expect(spread!.count).toBe(kept.length);
          expect(spread!.least === kept[0] && spread!.largest === kept.at(-1)).toBe(true);
          expect(spread!.low >= spread!.least && spread!.low <= spread!.high).toBe(true);
        }
      }),
    );
  });

  test('has quantiles that one outlier in a thousand does not move', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
    values[17] = 1e9;
    expect(spreadOf(values)).toMatchObject({ least: 0, largest: 1e9, low: 0.01, high: 0.99 });
  });
});

describe('a range of colours', () => {
  test('has 0 in its middle where values have both signs, and holds all values where it is full', () => {
    fc.assert(
      fc.property(many, (values) => {
        const spread = spreadOf(Float64Array.from(values));
        fc.pre(spread !== null);
        const range = rangeOf(spread!, false);
        expect(range.low).toBeLessThan(range.high);
        if (range.kind === 'diverging') expect(range.low).toBe(-range.high);
        else expect(spread!.least).toBeGreaterThanOrEqual(0);
        for (const value of values.filter(Number.isFinite))
          expect(value >= range.low && value <= range.high).toBe(true);
      }),
    );
  });

  test('gives larger values no smaller entries, and an entry’s own value that entry', () => {
    fc.assert(
      fc.property(finite, finite, finite, finite, (a, b, c, d) => {
        fc.pre(a < b);
        const range = { kind: 'sequential', low: a, high: b } as const;
        const [small, large] = [Math.min(c, d), Math.max(c, d)];
        const found = [small, large].map(entries(range));
        for (const entry of found) expect(entry >= 0 && entry < tableLength).toBe(true);
        expect(found[0]).toBeLessThanOrEqual(found[1]!);
        expect([entries(range)(a), entries(range)(b)]).toEqual([0, tableLength - 1]);
      }),
    );
    const range = { kind: 'diverging', low: -0.3, high: 0.3 } as const;
    for (let entry = 0; entry < tableLength; entry++)
      expect(entries(range)(valueOfEntry(range, entry))).toBe(entry);
  });

  test('of values that are all equal has them in the middle', () => {
    const range = rangeOf(spreadOf(Float64Array.of(3, 3, 3))!, true);
    expect(entries(range)(3)).toBe(tableLength / 2);
  });

  test('is the whole one where nearly all are equal', () => {
    const values = new Float64Array(1000);
    values[3] = 2;
    expect(rangeOf(spreadOf(values)!, true)).toEqual({ kind: 'sequential', low: 0, high: 2 });
  });
});

describe('colours', () => {
  test('of a sequence grow brighter all the way', () => {
    const table = colourTable('sequential', 'light');
    for (let i = 8; i < tableLength; i += 8)
      expect(luminance(hexOf(table, i))).toBeGreaterThan(luminance(hexOf(table, i - 8)));
    expect([hexOf(table, 0), hexOf(table, 255)]).toEqual(['#440154', '#fde725']);
  });

  test.each(['light', 'dark'] as const)(
    'around 0 grow away from the %s page on both sides, alike',
    (theme) => {
      const table = colourTable('diverging', theme);
      const sign = theme === 'light' ? -1 : 1;
      for (let i = 8; i < 128; i += 8) {
        for (const [near, far] of [
          [127 - i + 8, 127 - i],
          [128 + i - 8, 128 + i],
        ] as const)
          expect(sign * (luminance(hexOf(table, far)) - luminance(hexOf(table, near)))).toBeGreaterThan(0);
      }
      // Blue on one side, orange on the other: told apart by all common kinds of colour blindness.
      const [red, , blue] = new Uint8Array(table.buffer, 4 * 60, 3);
      expect(blue!).toBeGreaterThan(red!);
      const [otherRed, , otherBlue] = new Uint8Array(table.buffer, 4 * 195, 3);
      expect(otherRed!).toBeGreaterThan(otherBlue!);
    },
  );
});

describe('the choice of a scale', () => {
  test('own ends are read as they are written, and nothing else is', () => {
    for (const words of ['phi:-0.5:0.5', 'lambda:0:1e-7', 'a:b:1:2'])
      expect(textOfEnds(endsFromText(words)!)).toBe(words);
    expect(endsFromText('a:b:1:2')).toEqual({ variable: 'a:b', low: 1, high: 2 });
    for (const words of ['', 'phi', 'phi:1', 'phi:1:1', 'phi:2:1', 'phi:a:b', 'phi:1:', 'phi:0:Infinity'])
      expect(endsFromText(words)).toBeUndefined();
  });

  const spread = (least: number, largest: number) => ({
    least,
    largest,
    low: least / 2,
    high: largest / 2,
    count: 9,
  });

  test('takes the rows of the whole trace, or the one shown, or the ends that were set', () => {
    const [fixed, frame, own] = [spread(0, 8), spread(0, 2), { low: -1, high: 2 }];
    expect(chosenRange('robust', undefined, fixed, frame, false)).toMatchObject({ low: 0, high: 4 });
    expect(chosenRange('full', undefined, fixed, frame, false)).toMatchObject({ low: 0, high: 8 });
    expect(chosenRange('frame', undefined, fixed, frame, false)).toMatchObject({ low: 0, high: 2 });
    expect(chosenRange('full', undefined, null, frame, false)).toMatchObject({ low: 0, high: 2 });
    expect(chosenRange('robust', undefined, null, null, false)).toBeNull();
    expect(chosenRange('robust', own, fixed, frame, false)).toEqual({ kind: 'diverging', ...own });
  });

  test('is around 0 for differences, even where all are positive', () => {
    const range = { kind: 'diverging', low: -2, high: 2 };
    expect(chosenRange('full', undefined, spread(1, 2), null, true)).toEqual(range);
  });
});

describe('the spread of a parameter', () => {
  const frames = fc.array(fc.array(finite, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 4 });

  test('is of its recorded cells over all rows, and of no others', () => {
    fc.assert(
      fc.property(frames, (rows) => {
        const columns = Int32Array.of(4, -1, 2, 0, -1);
        const values = rows.flatMap((row) => [row[4]!, row[2]!, row[0]!]);
        const made = rows.map((row) => Float64Array.from(row));
        const spread = cellSpread(made, columns)!;
        expect([spread.least, spread.largest, spread.count]).toEqual([
          Math.min(...values),
          Math.max(...values),
          values.length,
        ]);
        const ends = joinedSpread(made.map((frame) => cellEnds(frame, columns)))!;
        expect([ends.least, ends.largest, ends.count]).toEqual([spread.least, spread.largest, spread.count]);
      }),
    );
    expect(cellSpread([Float64Array.of(1)], Int32Array.of(-1))).toBeNull();
    expect(cellEnds(Float64Array.of(Number.NaN), Int32Array.of(0))).toBeNull();
    expect(joinedSpread([null])).toBeNull();
  });

  test('of very many cells has the ends of all and quantiles near those of all', () => {
    const frame = Float64Array.from({ length: 500_000 }, (_, i) => ((i * 7919) % 500_000) / 500_000);
    const spread = cellSpread(
      [frame],
      Int32Array.from(frame, (_, i) => i),
    )!;
    expect([spread.least, spread.largest, spread.count]).toEqual([0, 499_999 / 500_000, 500_000]);
    // Of 166,667 values the quantile's standard error is sqrt(0.01 0.99 / 166,667) = 0.00024.
    expect(Math.abs(spread.low - 0.01)).toBeLessThan(0.001);
    expect(Math.abs(spread.high - 0.99)).toBeLessThan(0.001);
  });
});
