import fc from 'fast-check';
import { RandomStream } from '../../../src/core/random';
import { openMachine } from '../../../src/engine/simd/machine';
import type { Vector } from '../../../src/engine/simd/shared-memory';

const { memory, kernels } = openMachine();
/** Heights and depths beyond those that are worked off at once (64 and 128). */
const [most, deepest, widest] = [150, 300, 60];
const stream = new RandomStream('products', 'seed');
const filled = (count: number): Vector => {
  const vector = memory.allocate(count);
  for (let i = 0; i < count; i++) vector.values[i] = stream.normal();
  return vector;
};
const a = filled(deepest * (most + deepest));
const b = filled(deepest * (deepest + widest));
const start = filled(widest);
const before = filled(most * widest);
const c = memory.allocate(most * widest);
/** What they hold, in plain float64. */
const [plainA, plainB] = [a, b].map(({ values }) => Float64Array.from(values)) as [
  Float64Array,
  Float64Array,
];

const shape = fc.record({
  rows: fc.integer({ min: 1, max: most }),
  depth: fc.integer({ min: 1, max: deepest }),
  width: fc.integer({ min: 1, max: widest / 4 }).map((vectors) => 4 * vectors),
  turned: fc.boolean(),
  started: fc.boolean(),
  add: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never;

/** c, after a product of that many rows. */
function multiply({ rows, depth, width, turned, started, add }: Shape): Float32Array {
  c.values.set(before.values);
  const strides = turned ? ([1, most] as const) : ([deepest, 1] as const);
  const from = started ? start.pointer : 0;
  const given = [b.pointer, widest, from, c.pointer, width, rows, depth, width] as const;
  kernels.multiplyAdd(a.pointer, ...strides, ...given, add ? 1 : 0);
  return c.values.slice(0, rows * width);
}

/** Compares with float64 sums of the terms that each entry is made of. */
function expectEntries(found: Float32Array, width: number, terms: (m: number, n: number) => number[]): void {
  let worst = 0;
  for (let i = 0; i < found.length; i++) {
    const parts = terms(Math.floor(i / width), i % width);
    let [sum, size] = [0, 0];
    for (const part of parts) {
      sum += part;
      size += Math.abs(part);
    }
    // A float32 sum of n products errs by at most some n + 1 roundings of 2^-24 of what their sizes add up to.
    worst = Math.max(worst, Math.abs(found[i]! - sum) / ((parts.length + 1) * 2 ** -24 * size));
  }
  expect(worst).toBeLessThanOrEqual(1);
}

const given = { numRuns: 25 };

describe('multiplyAdd', () => {
  it('gives the matrix product, in whatever shape, plain or transposed, with what it starts from', () => {
    fc.assert(
      fc.property(shape, (s) => {
        const [row, column] = s.turned ? [1, most] : [deepest, 1];
        expectEntries(multiply(s), s.width, (m, n) => [
          ...(s.add ? [before.values[m * s.width + n]!] : []),
          ...(s.started ? [start.values[n]!] : []),
          ...Array.from(
            { length: s.depth },
            (_, k) => plainA[m * row + k * column]! * plainB[k * widest + n]!,
          ),
        ]);
      }),
      given,
    );
  });

  it('gives a row the same bits however many rows stand behind it', () => {
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: most }), (s, fewer) => {
        const rows = Math.min(s.rows, fewer);
        expect(multiply({ ...s, rows })).toEqual(multiply(s).subarray(0, rows * s.width));
      }),
      given,
    );
  });
});

describe('multiplyTransposed', () => {
  const outputs = fc.integer({ min: 1, max: 13 });
  const depths = fc.integer({ min: 1, max: deepest / 4 }).map((vectors) => 4 * vectors);

  const multiplyBy = (samples: number, depth: number, width: number, biased: boolean, add: boolean) => {
    c.values.set(before.values);
    const from = biased ? start.pointer : 0;
    const to = [from, c.pointer, width, samples, depth, width, add ? 1 : 0] as const;
    kernels.multiplyTransposed(a.pointer, deepest, b.pointer, deepest, ...to);
    return c.values.slice(0, samples * width);
  };

  it('gives the product with a transposed matrix, for any number of outputs', () => {
    const samples = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        samples,
        depths,
        outputs,
        fc.boolean(),
        fc.boolean(),
        (count, depth, width, biased, add) => {
          expectEntries(multiplyBy(count, depth, width, biased, add), width, (m, n) => [
            ...(add ? [before.values[m * width + n]!] : []),
            ...(biased ? [start.values[n]!] : []),
            ...Array.from({ length: depth }, (_, k) => plainA[m * deepest + k]! * plainB[n * deepest + k]!),
          ]);
        },
      ),
      given,
    );
  });

  it('gives a sample the same bits however many samples stand behind it', () => {
    const samples = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(samples, samples, depths, outputs, (one, other, depth, width) => {
        const [fewer, more] = [Math.min(one, other), Math.max(one, other)];
        const all = multiplyBy(more, depth, width, true, false);
        expect(multiplyBy(fewer, depth, width, true, false)).toEqual(all.subarray(0, fewer * width));
      }),
      given,
    );
  });
});

it('transposeRows brings entry i of row r to entry r of row i, and touches nothing else', () => {
  c.values.set(before.values);
  kernels.transposeRows(a.pointer, 7, c.pointer, 9, 5, 6);
  for (let i = 0; i < 6; i++) {
    for (let r = 0; r < 9; r++) {
      expect(c.values[9 * i + r]).toBe(r < 5 ? a.values[7 * r + i] : before.values[9 * i + r]);
    }
  }
});
