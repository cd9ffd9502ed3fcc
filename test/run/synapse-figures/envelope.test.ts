import fc from 'fast-check';
import { Envelope } from '../../../src/run/synapse-figures/envelope';

const rows = 10 * Envelope.columns;
// Without -0, which is as small as 0.
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

function thinned(values: readonly number[]): Envelope {
  const envelope = new Envelope(0, rows, rows);
  values.forEach((y, x) => {
    envelope.add(x, y);
  });
  return envelope;
}

describe('a course of many values', () => {
  test('keeps of each column its smallest and its largest, in their order, and no other', () => {
    // A few odd values among many plain ones: what matters is where they stand.
    const odd = fc.array(fc.tuple(fc.nat(rows - 1), finite), { maxLength: 20 });
    fc.assert(
      fc.property(odd, (changes) => {
        const values = Array.from({ length: rows }, (_, i) => Math.sin(i / 50));
        for (const [at, value] of changes) values[at] = value;
        const { points } = thinned(values);
        expect(points.length).toBeLessThanOrEqual(2 * Envelope.columns);
        points.forEach(({ x, y }, i) => {
          expect(y).toBe(values[x]);
          if (i > 0) expect(x).toBeGreaterThan(points[i - 1]!.x);
        });
        for (let column = 0; column < Envelope.columns; column++) {
          const own = values.slice(10 * column, 10 * (column + 1));
          const kept = points.filter(({ x }) => x >= 10 * column && x < 10 * (column + 1)).map(({ y }) => y);
          expect(Math.min(...kept)).toBe(Math.min(...own));
          expect(Math.max(...kept)).toBe(Math.max(...own));
        }
      }),
      { numRuns: 20 },
    );
  });

  test('leaves out what is not finite, and counts it', () => {
    const values = Array.from({ length: rows }, (_, i) => (i % 1000 === 0 ? Number.NaN : i));
    const envelope = thinned(values);
    expect(envelope.notFinite).toBe(rows / 1000);
    expect(envelope.points.every(({ y }) => Number.isFinite(y))).toBe(true);
  });
});

test('a course of few values is kept as it is', () => {
  const envelope = new Envelope(0, 3, 4);
  const values = [3, Number.NaN, 1, 2];
  values.forEach((y, x) => {
    envelope.add(x, y);
  });
  expect(envelope.points).toEqual(values.map((y, x) => ({ x, y })));
});
