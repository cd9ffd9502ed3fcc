import fc from 'fast-check';
import { adam, heavyBall, nesterov, type Optimizer, sgd } from '../../src/learning/optimizers';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { fromLogRule, projectRule, toLogRule } from '../../src/synapse/rules/constraints';

const executor = plainExecutor();

/** Values after each of the given gradients, by the optimiser's rule. */
function byRule(optimizer: Optimizer, start: number, gradients: readonly number[]): number[] {
  const buffers = Object.fromEntries(optimizer.buffers.map((name) => [name, new Float64Array(1)]));
  const value = Float64Array.of(start);
  return gradients.map((gradient, step) => {
    executor.run(
      optimizer.rule,
      { value, gradient: Float64Array.of(gradient), ...buffers },
      optimizer.scalarsAt(step + 1),
    );
    return value[0]!;
  });
}

const number = fc.double({ min: -100, max: 100, noNaN: true });
const gradients = fc.array(number, { minLength: 1, maxLength: 20 });
const rate = fc.double({ min: 1e-4, max: 1, noNaN: true });
const decay = fc.double({ min: 0, max: 0.999, noNaN: true });

/** Two ways to write the same float64 sums: each step rounds a few times, relative to the largest number met. */
function close(actual: readonly number[], expected: readonly number[]): void {
  const scale = Math.max(1, ...expected.map(Math.abs)) * 2e3; // momentum 0.999 sums up to 1000 gradients
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e2 * 2 ** -53 * scale);
  });
}

describe('an optimiser rule agrees with a loop written by hand:', () => {
  it('gradient descent', () => {
    fc.assert(
      fc.property(number, gradients, rate, (start, slopes, rate) => {
        let value = start;
        const expected = slopes.map((slope) => {
          value -= rate * slope;
          return value;
        });
        expect(byRule(sgd({ rate }), start, slopes)).toEqual(expected);
      }),
    );
  });

  it('the heavy ball (Polyak 1964), as v <- m v - rate g, x <- x + v', () => {
    fc.assert(
      fc.property(number, gradients, rate, decay, (start, slopes, rate, momentum) => {
        let [value, velocity] = [start, 0];
        const expected = slopes.map((slope) => {
          velocity = momentum * velocity - rate * slope;
          value += velocity;
          return value;
        });
        close(byRule(heavyBall({ rate, momentum }), start, slopes), expected);
      }),
    );
  });

  it("Nesterov's momentum (Sutskever et al. 2013) at the point that looks ahead", () => {
    fc.assert(
      fc.property(number, gradients, rate, decay, (start, slopes, rate, momentum) => {
        // v <- m v - rate g(x + m v), x <- x + v: the rule's value is the point x + m v where g is taken.
        let [point, velocity] = [start, 0];
        const expected = slopes.map((slope) => {
          velocity = momentum * velocity - rate * slope;
          point += velocity;
          return point + momentum * velocity;
        });
        close(byRule(nesterov({ rate, momentum }), start, slopes), expected);
      }),
    );
  });

  it('Adam (Kingma and Ba 2015, algorithm 1)', () => {
    fc.assert(
      fc.property(number, gradients, rate, (start, slopes, rate) => {
        let [value, first, second] = [start, 0, 0];
        const expected = slopes.map((slope, i) => {
          first = 0.9 * first + 0.1 * slope;
          second = 0.999 * second + 0.001 * slope ** 2;
          value -=
            (rate * (first / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(second / (1 - 0.999 ** (i + 1))) + 1e-8);
          return value;
        });
        close(byRule(adam({ rate }), start, slopes), expected);
      }),
    );
  });

  it('Adam, whose first step is the rate in the direction of the gradient, whatever its size', () => {
    for (const slope of [1e-3, 1, 1e6, -5]) {
      // epsilon = 1e-8 beside a slope of 1e-3 or more.
      expect(byRule(adam({ rate: 0.1 }), 0, [slope])[0]).toBeCloseTo(-0.1 * Math.sign(slope), 5);
    }
  });

  it('Nesterov and the heavy ball without momentum are gradient descent', () => {
    fc.assert(
      fc.property(number, gradients, rate, (start, slopes, rate) => {
        const plain = byRule(sgd({ rate }), start, slopes);
        expect(byRule(nesterov({ rate, momentum: 0 }), start, slopes)).toEqual(plain);
        expect(byRule(heavyBall({ rate, momentum: 0 }), start, slopes)).toEqual(plain);
      }),
    );
  });
});

describe("Nesterov's momentum on a quadratic", () => {
  const grows = (rateTimesCurvature: number): boolean => {
    const optimizer = nesterov({ rate: 1 });
    const value = Float64Array.of(1);
    const momentum = Float64Array.of(0);
    for (let step = 1; step <= 2000; step++) {
      const gradient = Float64Array.of(rateTimesCurvature * value[0]!);
      executor.run(optimizer.rule, { value, gradient, momentum }, optimizer.scalarsAt(step));
    }
    return !(Math.abs(value[0]!) < 1);
  };

  it('is stable while rate x curvature is below (2 + 2m) / (1 + 2m) = 1.357 for 0.9', () => {
    expect(grows(3.8 / 2.8 - 0.01)).toBe(false);
    expect(grows(3.8 / 2.8 + 0.01)).toBe(true);
  });
});

describe('a constraint rule', () => {
  it('projects onto 0 and above, and leaves legal values as they are', () => {
    const value = Float64Array.of(-1, -1e-300, 0, 1e-300, 5);
    executor.run(projectRule, { value });
    expect([...value]).toEqual([0, 0, 0, 1e-300, 5]);
  });

  it('moves log value by d/dlog(value) = value d/dvalue', () => {
    const [value, gradient] = [Float64Array.of(0.25), Float64Array.of(8)];
    executor.run(toLogRule, { value, gradient });
    expect([value[0], gradient[0]]).toEqual([Math.log(0.25), 2]);
    executor.run(sgd({ rate: 0.1 }).rule, { value, gradient }, { rate: 0.1 });
    executor.run(fromLogRule, { value });
    // exp and log round once each, on numbers of about 1.
    expect(value[0]).toBeCloseTo(0.25 * Math.exp(-0.2), 14);
  });

  it('comes back from the logarithm to where it was', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (start) => {
        const value = Float64Array.of(start);
        executor.run(toLogRule, { value, gradient: Float64Array.of(0) });
        executor.run(fromLogRule, { value });
        // |log value| <= 28, rounded once, becomes a relative error of 28 x 2^-53 in exp.
        expect(Math.abs(value[0]! / start - 1)).toBeLessThan(40 * 2 ** -53);
      }),
    );
  });
});
