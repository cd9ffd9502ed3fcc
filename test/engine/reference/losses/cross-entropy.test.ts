import fc from 'fast-check';
import { crossEntropyArithmetic } from '../../../../src/engine/reference/losses/cross-entropy';

const losses = (outputs: number[], label: number) => {
  const gradient = new Float64Array(outputs.length);
  const loss = crossEntropyArithmetic.forward(
    Float64Array.from(outputs),
    Float64Array.of(label),
    1,
    gradient,
  );
  return { loss, gradient: [...gradient] };
};

/** -log softmax, in the plain form that overflows above 700. */
const plainLoss = (outputs: number[], label: number): number =>
  Math.log(outputs.reduce((sum, output) => sum + Math.exp(output), 0)) - outputs[label]!;

const logits = (largest: number) =>
  fc.array(fc.double({ min: -largest, max: largest, noNaN: true }), { minLength: 2, maxLength: 6 });

describe('cross-entropy', () => {
  it('is -log softmax of the class', () => {
    fc.assert(
      fc.property(logits(20), fc.nat(), (outputs, n) => {
        const label = n % outputs.length;
        // Logits up to 20 apart: rounding of some ulps of 20 to 40.
        expect(Math.abs(losses(outputs, label).loss - plainLoss(outputs, label))).toBeLessThan(1e-13);
      }),
    );
  });

  it('is the mean over samples', () => {
    const outputs = Float64Array.of(0, 0, 0, Math.log(3));
    const loss = crossEntropyArithmetic.forward(outputs, Float64Array.of(1, 0), 2, null);
    expect(loss).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 14);
  });

  it('and its derivatives stay finite for logits of any size', () => {
    fc.assert(
      fc.property(logits(1e300), logits(1), fc.nat(), (outputs, direction, n) => {
        const label = n % outputs.length;
        const { loss, gradient } = losses(outputs, label);
        const tangent = Float64Array.from(outputs, (_, i) => direction[i % direction.length]!);
        const product = new Float64Array(outputs.length);
        crossEntropyArithmetic.gradientTangent(
          Float64Array.from(outputs),
          tangent,
          Float64Array.of(label),
          1,
          product,
        );
        expect([loss, ...gradient, ...product].every(Number.isFinite)).toBe(true);
        expect(loss).toBeGreaterThanOrEqual(0);
        for (const slope of gradient) expect(Math.abs(slope)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has a gradient that sums to 0 over the classes', () => {
    fc.assert(
      fc.property(logits(1000), fc.nat(), (outputs, n) => {
        const { gradient } = losses(outputs, n % outputs.length);
        // Six numbers of at most 1, each rounded.
        expect(Math.abs(gradient.reduce((sum, slope) => sum + slope, 0))).toBeLessThan(1e-14);
      }),
    );
  });

  it.each([1e3, 1e8, 2 ** 52, -(2 ** 52)])('is the same when all logits are shifted by %p', (shift) => {
    // Whole numbers, so that the shifted logits are exact.
    const [plain, shifted] = [losses([0, 3, 1], 0), losses([0 + shift, 3 + shift, 1 + shift], 0)];
    expect(shifted.loss).toBeCloseTo(plain.loss, 14);
    expect(shifted.gradient).toEqual(plain.gradient);
  });

  it('is log 2 between two classes that tie, however large their logits', () => {
    for (const logit of [0, 1e3, 1e16, 1e300]) expect(losses([logit, logit], 0).loss).toBe(Math.log(2));
  });

  it('is as large as the logits are apart where the class loses by far', () => {
    expect(losses([1e5, 0], 1).loss).toBe(1e5);
    expect(losses([1e5, 0], 0).loss).toBe(0);
  });
});
