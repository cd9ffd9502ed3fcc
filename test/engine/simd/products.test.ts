import fc from 'fast-check';
import { RandomStream } from '../../../src/core/random';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import type { Vector } from '../../../src/engine/simd/machine/shared-memory';
import { columnRoom, fullRoom } from '../../../src/engine/simd/passes/packing-room';

const { memory, kernels, math } = openMachine();
/** Heights and depths beyond those that are worked off at once (64 rows, 256 packed ones, depths of 128). */
const [most, deepest, widest] = [300, 300, 60];
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
const room = memory.allocate(fullRoom);
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
  packed: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never;

/** c, after a product of that many rows. */
function multiply({ rows, depth, width, turned, started, add, packed }: Shape): Float32Array {
  c.values.set(before.values);
  const strides = turned ? ([1, most] as const) : ([deepest, 1] as const);
  const from = started ? start.pointer : 0;
  const given = [b.pointer, widest, from, c.pointer, width, rows, depth, width] as const;
  kernels.multiplyAdd(a.pointer, ...strides, ...given, add ? 1 : 0, packed ? room.pointer : 0);
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

  it('gives the same bits whether it packs its operands or not', () => {
    fc.assert(
      fc.property(shape, (s) => {
        expect(multiply({ ...s, packed: true })).toEqual(multiply({ ...s, packed: false }));
      }),
      given,
    );
  });
});

describe('multiplyTransposed', () => {
  const product = fc.record({
    samples: fc.integer({ min: 1, max: 40 }),
    depth: fc.integer({ min: 1, max: deepest / 4 }).map((vectors) => 4 * vectors),
    outputs: fc.integer({ min: 1, max: 45 }),
    biased: fc.boolean(),
    add: fc.boolean(),
    packed: fc.boolean(),
  });
  type Product = typeof product extends fc.Arbitrary<infer P> ? P : never;

  const multiplyBy = ({ samples, depth, outputs, biased, add, packed }: Product): Float32Array => {
    c.values.set(before.values);
    const from = biased ? start.pointer : 0;
    const to = [from, c.pointer, outputs, samples, depth, outputs, add ? 1 : 0] as const;
    kernels.multiplyTransposed(a.pointer, deepest, b.pointer, deepest, ...to, packed ? room.pointer : 0);
    return c.values.slice(0, samples * outputs);
  };

  it('gives the product with a transposed matrix, for any number of outputs, packed or not', () => {
    fc.assert(
      fc.property(product, (p) => {
        expectEntries(multiplyBy(p), p.outputs, (m, n) => [
          ...(p.add ? [before.values[m * p.outputs + n]!] : []),
          ...(p.biased ? [start.values[n]!] : []),
          ...Array.from({ length: p.depth }, (_, k) => plainA[m * deepest + k]! * plainB[n * deepest + k]!),
        ]);
      }),
      given,
    );
  });

  it('takes any depth where what lies behind the rows, up to a multiple of four, is 0', () => {
    // 13 inputs in rows of 16, as in Boston's first layer; 20 outputs by columns, 3 by sums along rows.
    const [samples, depth, outputs, row] = [5, 13, 23, 16];
    const padded = (count: number): Vector => {
      const rows = filled(count * row);
      rows.values.forEach((_, i) => {
        if (i % row >= depth) rows.values[i] = 0;
      });
      return rows;
    };
    const [x, w] = [padded(samples), padded(outputs)];
    const to = [0, c.pointer, outputs, samples, depth, outputs, 0, room.pointer] as const;
    kernels.multiplyTransposed(x.pointer, row, w.pointer, row, ...to);
    expectEntries(c.values.slice(0, samples * outputs), outputs, (m, n) =>
      Array.from({ length: depth }, (_, k) => x.values[m * row + k]! * w.values[n * row + k]!),
    );
  });

  it('gives a sample the same bits however many samples stand behind it', () => {
    fc.assert(
      fc.property(product, fc.integer({ min: 1, max: 40 }), (p, other) => {
        const samples = Math.min(p.samples, other);
        expect(multiplyBy({ ...p, samples })).toEqual(multiplyBy(p).subarray(0, samples * p.outputs));
      }),
      given,
    );
  });
});

describe('the room in which operands are packed', () => {
  /** How many numbers of a room a product writes: it holds a number that no product makes, and so does what lies behind it. */
  const written = (product: (room: number) => void): number => {
    const nobodys = 2 ** 100;
    const vector = memory.allocate(2 * fullRoom);
    vector.values.fill(nobodys);
    product(vector.pointer);
    memory.release(vector);
    return vector.values.findLastIndex((value) => value !== nobodys) + 1;
  };

  it('is written to its end, and no further, where a left operand larger than a block is taken transposed', () => {
    const to = [b.pointer, widest, 0, c.pointer, widest, most, deepest, widest, 0] as const;
    expect(written((own) => kernels.multiplyAdd(a.pointer, 1, most, ...to, own))).toBe(fullRoom);
  });

  it.each([
    [deepest, 32],
    [deepest, 12],
    [13, 20],
  ])(
    'is that for columns alone where the left operand is taken as it lies: depth %d, width %d',
    (depth, outputs) => {
      const to = [b.pointer, deepest, 0, c.pointer, outputs, 4, depth, outputs, 0] as const;
      const used = written((own) => kernels.multiplyTransposed(a.pointer, deepest, ...to, own));
      // The panel of a narrower strip, the last, lies within that of the first.
      expect(used).toBe(Math.min(depth, 128) * Math.min(outputs >= 16 ? 16 : 8, outputs));
      expect(used).toBeLessThanOrEqual(columnRoom(depth, outputs));
    },
  );
});

it('transposeRows brings entry i of row r to entry r of row i, and touches nothing else', () => {
  const transpose = math.transposeRows as (...given: number[]) => void;
  c.values.set(before.values);
  transpose(a.pointer, 7, c.pointer, 9, 5, 6);
  for (let i = 0; i < 6; i++) {
    for (let r = 0; r < 9; r++) {
      expect(c.values[9 * i + r]).toBe(r < 5 ? a.values[7 * r + i] : before.values[9 * i + r]);
    }
  }
});

it('copyRows brings rows of any width to where they belong, and touches nothing between them', () => {
  for (const width of [1, 13, 16, 63, 64, 67]) {
    c.values.set(before.values);
    kernels.copyRows(a.pointer, 70, c.pointer, 80, 3, width);
    const expected = before.values.map((value, i) =>
      i < 240 && i % 80 < width ? a.values[70 * Math.floor(i / 80) + (i % 80)]! : value,
    );
    expect(c.values).toEqual(expected);
  }
});
