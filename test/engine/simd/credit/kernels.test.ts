import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { openMachine } from '../../../../src/engine/simd/machine/machine';
import { inFloat64, padded } from '../../../../src/engine/simd/machine/shared-memory';
import { expectClose } from '../../../conformance/expect-close';

const { memory, kernels } = openMachine();
const vector = (values: ArrayLike<number>) => {
  const made = memory.allocate(values.length);
  made.values.set(values);
  return made;
};

describe('the step of neurons', () => {
  /** 1 / (1 + ||W||^2) by the kernel, and what it leaves of weights for which a given dt is too long. */
  const byKernel = (weights: Float64Array, inputs: number, outputs: number, dt: number) => {
    const row = padded(inputs);
    const w = vector(new Float64Array(row * outputs));
    weights.forEach((value, i) => {
      w.values[Math.floor(i / inputs) * row + (i % inputs)] = value;
    });
    const [step, unstable, scratch] = [vector([0]), vector([0, 0]), vector(new Float64Array(256 + 3 * row))];
    kernels.stableStep(w.pointer, row, outputs, inputs, dt, step.pointer, unstable.pointer, scratch.pointer);
    return { step: step.values[0]!, unstable: inFloat64(unstable)[0]! };
  };
  const weightsOf = fc
    .record({
      inputs: fc.integer({ min: 1, max: 40 }),
      outputs: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(1e6),
    })
    .map(({ inputs, outputs, seed }) => {
      let state = seed + 1;
      const next = () => {
        state = (state * 48271) % 2147483647;
        return state / 2147483647 - 0.5;
      };
      return {
        inputs,
        outputs,
        weights: Float64Array.from({ length: inputs * outputs }, () => Math.fround(next())),
      };
    });

  it('is that of the largest singular value', () => {
    fc.assert(
      fc.property(weightsOf, ({ inputs, outputs, weights }) => {
        const matrix = Matrix.from1DArray(outputs, inputs, Array.from(weights));
        const { norm2 } = new SingularValueDecomposition(matrix, { autoTranspose: true });
        const { step, unstable } = byKernel(weights, inputs, outputs, 0);
        // Worst of these: 5e-7; rows of 40 numbers in float32, and an iteration that stops at a change of 1e-5.
        expect(Math.abs(step * (1 + norm2 ** 2) - 1)).toBeLessThan(2e-6);
        expect(unstable).toBe(0);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is the given one, or none with the norm where that is too long', () => {
    const weights = Float64Array.of(3, 0, 0, 1);
    expect(byKernel(weights, 2, 2, 0.125)).toEqual({ step: 0.125, unstable: 0 });
    const { step, unstable } = byKernel(weights, 2, 2, 0.25);
    expect(step).toBeNaN();
    expect(unstable).toBeCloseTo(9, 5);
  });

  it('is 1 for weights of 0', () => {
    expect(byKernel(new Float64Array(15), 5, 3, 0)).toEqual({ step: 1, unstable: 0 });
  });
});

describe('what tanh neurons do when they move', () => {
  const drives = Float64Array.from({ length: 400 }, (_, i) => 9 * Math.sin(i)).map(Math.fround);
  const rates = drives.map((a) => Math.fround(Math.tanh(a)));

  it.each([1e-7, 1e-3, 0.1, 0.6, 2, 20])('keeps the digits of a difference by %d, and less far', (most) => {
    // One move with dt = 1 from u = 0, without what drives or corrects: u becomes slope back.
    const wanted = drives.map((_, i) => Math.fround(most * Math.cos(7 * i)));
    const [u, moved, error] = [0, 0, 0].map(() => vector(wanted.map(() => 0)));
    const back = vector(wanted.map((value, i) => value / (1 - rates[i]! ** 2)));
    const pointers = [u, null, back, vector(drives), vector(rates), moved, error, vector([1])];
    kernels.relaxTanh(...pointers.map((at) => at?.pointer ?? 0), 400);
    const truth = drives.map((_, i) => {
      const [rate, t] = [rates[i]!, Math.tanh(u!.values[i]!)];
      const isNear = Math.abs(u!.values[i]!) <= 0.625;
      return isNear ? ((1 - rate * rate) * t) / (1 + rate * t) : Math.tanh(drives[i]! + u!.values[i]!) - rate;
    });
    truth.forEach((value, i) => {
      // 1 - rate^2 is known to a rounding of 1, as the slope of a backward pass is.
      const rounding = 1.2e-7 * Math.abs(u!.values[i]!) + 5e-7 * Math.abs(value);
      const far = Math.abs(u!.values[i]!) > 0.625 ? 3e-7 : 0;
      expect(Math.abs(moved!.values[i]! - value)).toBeLessThanOrEqual(rounding + far);
    });
    expect(error!.values).toEqual(u!.values);
  });

  it.each([1e-6, 1e-2, 1, 5, 40])(
    'has two states whose difference and mean are right: pulled by %d',
    (most) => {
      const pulls = drives.map((_, i) => Math.fround(most * Math.cos(5 * i)));
      const [difference, mean] = [0, 0].map(() => vector(pulls.map(() => 0)));
      const given = [vector(drives), vector(rates), vector(pulls), difference, mean].map((at) => at!.pointer);
      kernels.dyadicTanh(...given, 400);
      const states = (sign: number) => drives.map((a, i) => Math.tanh(a + (sign * pulls[i]!) / 2));
      const [plus, minus] = [states(1), states(-1)];
      const apart = plus.map((value, i) => value - minus[i]!);
      expectClose(difference!.values, apart, 1e-6);
      expectClose(
        mean!.values,
        plus.map((value, i) => (value + minus[i]!) / 2),
        3e-7,
      );
    },
  );
});

it.each([1e-6, 1e-2, 1, 5, 40])(
  'relu neurons have two states whose difference and mean are exact: pulled by %d',
  (most) => {
    const drives = Float64Array.from({ length: 400 }, (_, i) => Math.fround(Math.sin(i)));
    const pulls = drives.map((_, i) => Math.fround(most * Math.cos(5 * i)));
    const [difference, mean] = [0, 0].map(() => vector(pulls.map(() => 0)));
    kernels.dyadicRelu(...[vector(drives), vector(pulls), difference, mean].map((at) => at!.pointer), 400);
    drives.forEach((a, i) => {
      const [plus, minus] = [Math.max(0, a + pulls[i]! / 2), Math.max(0, a - pulls[i]! / 2)];
      const rounding = plus > 0 && minus > 0 ? 0 : 1.2e-7 * (Math.abs(a) + most);
      expect(Math.abs(difference!.values[i]! - (plus - minus))).toBeLessThanOrEqual(rounding + 1e-15);
      expect(mean!.values[i]!).toBeCloseTo((plus + minus) / 2, 5);
    });
  },
);
