import { InputError } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import { drawQuadratic } from '../../src/theory/draw-quadratic';

const stream = (seed: number) => new RandomStreams(seed).stream('problem');

function deviation(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('a drawn quadratic problem', () => {
  it('has 50 synapses with curvatures 1, 1/2, ..., 1/50', () => {
    const { curvature } = drawQuadratic(stream(1), 0.3);
    expect([...curvature]).toEqual(Array.from({ length: 50 }, (_, i) => 1 / (i + 1)));
  });

  it('has the standard deviations of the paper', () => {
    const { trainMinimum, heldOutMinimum, omega } = drawQuadratic(stream(1), 0.3, 10_000);
    const apart = trainMinimum.map((value, i) => value - heldOutMinimum[i]!);
    // Of 10,000 values, a standard deviation is known to 0.7 %; five times that.
    for (const [values, expected] of [
      [omega, 2],
      [trainMinimum, Math.hypot(1, 0.2)],
      [heldOutMinimum, Math.hypot(1, 0.2)],
      [apart, Math.hypot(0.2, 0.2)],
    ] as const) {
      expect(Math.abs(deviation(values) / expected - 1)).toBeLessThan(0.035);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    expect(drawQuadratic(stream(1), 0.3)).toEqual(drawQuadratic(stream(1), 0.3));
    expect(drawQuadratic(stream(1), 0.3)).not.toEqual(drawQuadratic(stream(2), 0.3));
  });

  it('is refused without synapses, or with a lambda of 0', () => {
    expect(() => drawQuadratic(stream(1), 0.3, 0)).toThrow(InputError);
    expect(() => drawQuadratic(stream(1), 0)).toThrow(/lambda .*must be above 0/);
  });
});
