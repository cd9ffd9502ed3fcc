import fc from 'fast-check';
import { RandomStream } from '../../../src/core/random';
import type { Convolution } from '../../../src/engine/simd/convolutions/convolution';
import { byTiles, paysInTiles } from '../../../src/engine/simd/convolutions/tiles';
import { byWindows } from '../../../src/engine/simd/convolutions/windows';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { padded, type Vector } from '../../../src/engine/simd/machine/shared-memory';
import { findSystemBlas } from '../../../src/engine/simd/machine/system-blas';
import { ArrangedKernel } from '../../../src/engine/simd/passes/arranged-kernel';
import { expectClose } from '../../conformance/expect-close';

const stream = new RandomStream('tiles', 'seed');
const { memory, kernels } = openMachine();

const shape = fc.record({
  samples: fc.integer({ min: 1, max: 20 }),
  inputs: fc.integer({ min: 1, max: 21 }),
  outputs: fc.integer({ min: 1, max: 21 }),
  rows: fc.integer({ min: 3, max: 11 }),
  columns: fc.integer({ min: 3, max: 11 }),
  padding: fc.integer({ min: 0, max: 3 }),
  started: fc.boolean(),
  add: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never;

/** Rows of numbers, and zeros behind each up to a multiple of 4. */
const filled = (rows: number, width: number): Vector => {
  const vector = memory.allocate(rows * padded(width));
  for (let i = 0; i < rows * padded(width); i++) {
    vector.values[i] = i % padded(width) < width ? stream.normal() : 0;
  }
  return vector;
};
const copied = (of: Vector): Vector => {
  const vector = memory.allocate(of.values.length);
  vector.values.set(of.values);
  return vector;
};

describe.each(['wasm', 'system'] as const)('tiles by the products of %s', (choice) => {
  const maybe = choice === 'system' && findSystemBlas(memory.memory, kernels).blas === null ? it.skip : it;

  maybe('convolve, and go both ways back, as windows do', () => {
    const machine = openMachine(choice);
    fc.assert(
      fc.property(shape, ({ samples, inputs, outputs, rows, columns, padding, started, add }: Shape) => {
        const [high, wide] = [rows + 2 * padding - 2, columns + 2 * padding - 2];
        const windows = {
          image: [inputs, rows, columns],
          size: 3,
          stride: 1,
          padding,
          high,
          wide,
        } as const;
        const images = filled(samples * rows * columns, inputs);
        const slopes = filled(samples * high * wide, outputs);
        const start = started ? filled(1, outputs).pointer : 0;
        const weights = filled(1, 9 * inputs * outputs);
        const before = [slopes, images, weights].map(copied);
        const allocate = (count: number) => memory.allocate(count);
        const given = {
          samples,
          kernels: machine.kernels,
          allocate,
          workspace: (_: unknown, n: number) => allocate(n),
        };
        const found = [byWindows, byTiles].map((make) => {
          const convolution: Convolution = make({ ...given, outputs, windows });
          const arranged = new ArrangedKernel({
            ...{ kernels, outputs, inputs, size: 9, allocate },
            ...convolution.arrangement,
          });
          const w = arranged.load(weights.pointer);
          const [to, back, gradient] = before.map(copied) as [Vector, Vector, Vector];
          convolution.apply(images.pointer, w, start, to.pointer, add ? 1 : 0);
          convolution.applyBack(slopes.pointer, w, back.pointer, add ? 1 : 0);
          convolution.collect(slopes.pointer, images.pointer, w, 0);
          arranged.store(weights.pointer, false);
          gradient.values.set(weights.values);
          weights.values.set(before[2]!.values);
          return [to, back, gradient].map(({ values }) => Float64Array.from(values));
        });
        // Float32: sums of up to 189, 189 and 2,500 terms, whose tiles add and subtract numbers of which the windows know nothing.
        const [truth, got] = found;
        expectClose(got![0]!, truth![0]!, 5e-6);
        expectClose(got![1]!, truth![1]!, 5e-6);
        expectClose(got![2]!, truth![2]!, 2e-5);
      }),
      { numRuns: 60 },
    );
  });
});

it('tiles are taken for kernels of 3 x 3 side by side between many channels, where there are enough windows', () => {
  const windows = { image: [64, 14, 14], size: 3, stride: 1, padding: 1, high: 14, wide: 14 } as const;
  const many = { outputs: 64, windows, samples: 1 };
  expect(paysInTiles(many)).toBe(true);
  expect(paysInTiles({ ...many, outputs: 8 })).toBe(false);
  expect(paysInTiles({ ...many, windows: { ...windows, stride: 2, high: 7, wide: 7 } })).toBe(false);
  expect(paysInTiles({ ...many, windows: { ...windows, high: 1, wide: 1 } })).toBe(false);
});
