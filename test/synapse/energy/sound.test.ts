import fc from 'fast-check';
import { InputError } from '../../../src/core/errors';
import { Energy } from '../../../src/synapse/energy/energy';
import { hyperDual } from '../../conformance/hyper-dual';
import { compiled } from './compiled';
import { type RandomEnergy, randomEnergy, variableCount } from './random-energies';

/** Names that mean something to a parser of mathematics, to JavaScript, or to metaplast; to a penalty, each is a variable like any. */
const oddNames = [
  ...[
    'phi',
    'omega',
    'lambda',
    'e',
    'E',
    'pi',
    'PI',
    'i',
    'tau',
    'LN2',
    'version',
    'cm',
    'kg',
    'abs',
    'log',
    'max',
    'sign',
  ],
  ...[
    'mod',
    'to',
    'and',
    'or',
    'xor',
    'not',
    'end',
    'part1',
    'sech',
    'constructor',
    'toString',
    'u',
    'v',
    'x',
    'Infinity2',
  ],
];

const names = fc.uniqueArray(fc.constantFrom(...oddNames), {
  minLength: variableCount,
  maxLength: variableCount,
});

/** Kinks and ties are met often: at few values, and with two variables equal every other time. */
const coordinate = fc.oneof(
  fc.constantFrom(0, 0.5, 1, 2, -1, -0.5, 0.25),
  fc.integer({ min: -2000, max: 2000 }).map((n) => n / 997),
);
const point = fc
  .tuple(coordinate, coordinate, coordinate, fc.boolean())
  .map(([a, b, c, equal]) => [a, equal ? a : b, c]);

/** Rounding is compared where no number on the way is larger than this. */
const largestScale = 1e6;

/** At most some hundred roundings of products of two of the largest numbers met. */
const tolerance = (scale: number): number => 1e3 * 2 ** -53 * (1 + scale) ** 2;

/** The energy; null where a constant part of its text is no finite number, which is refused. */
function parsed(text: string, variables: readonly string[]): Energy | null {
  try {
    return Energy.parse(text, variables);
  } catch (error) {
    if (error instanceof InputError && error.message.includes('constant part')) return null;
    throw error;
  }
}

/** The energy at a point with one coordinate moved. */
const moved = (random: RandomEnergy, at: readonly number[], which: number, by: number): number =>
  random.at(at.map((x, i) => hyperDual(i === which ? x + by : x))).value;

// Some seconds; ENERGIES=10000 makes the run whose numbers are in docs/results/energies.md.
const runs = { numRuns: Number(process.env.ENERGIES ?? 400), seed: 10 };

describe('an energy, wherever its value is finite', () => {
  it('is what its text says, and its first and second partials are those of hyper-dual arithmetic on that text', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomEnergy(3), names, point, (random, variables, at) => {
        if (!Number.isFinite(random.at(at.map((x) => hyperDual(x))).value)) return;
        const energy = parsed(random.text(variables), variables);
        if (energy === null) return;
        for (const [i, first] of variables.entries()) {
          const force = energy.partial(first);
          for (const [j, second] of variables.entries()) {
            const right = random.at(at.map((x, k) => hyperDual(x, Number(k === i), Number(k === j))));
            if (!(right.scale < largestScale)) continue;
            const near = (part: Energy, expected: number): void => {
              compared++;
              const got = compiled(part, variables)(at);
              expect(Math.abs(got - expected)).toBeLessThanOrEqual(tolerance(right.scale));
            };
            near(energy, right.value);
            if (Number.isFinite(right.first)) near(force, right.first);
            if (Number.isFinite(right.mixed) && right.kinks === 0) near(force.partial(second), right.mixed);
          }
        }
      }),
      runs,
    );
    expect(compared).toBeGreaterThan(10 * runs.numRuns); // Or this would compare next to nothing.
  });

  it('has, where that arithmetic meets 0 times infinity, the partial that central differences tend to', () => {
    fc.assert(
      fc.property(randomEnergy(3), point, (random, at) => {
        const variables = ['phi', 'omega', 'lambda'];
        if (!Number.isFinite(random.at(at.map((x) => hyperDual(x))).value)) return;
        const energy = parsed(random.text(variables), variables);
        for (const [i, variable] of energy === null ? [] : variables.entries()) {
          const { first, kinks } = random.at(at.map((x, k) => hyperDual(x, Number(k === i))));
          // Of kinks inside kinks no chain rule knows which of them cancel.
          if (Number.isFinite(first) || kinks > 1) continue;
          const [wide, middle, narrow] = [1e-4, 1e-5, 1e-6].map(
            (h) => (moved(random, at, i, h) - moved(random, at, i, -h)) / (2 * h),
          );
          const limit = narrow!;
          const near = (other: number, share: number): boolean =>
            Math.abs(other - limit) <= share * (1 + Math.abs(limit));
          // A square root's cusp, and a jump, have differences that grow as the interval shrinks.
          if (!near(wide!, 2e-2) || !near(middle!, 1e-3)) continue;
          const got = compiled(energy!.partial(variable), variables)(at);
          const found = { text: random.text(variables), by: variable, at, got, limit };
          expect({ ...found, near: near(got, 1e-2) }).toEqual({ ...found, near: true });
        }
      }),
      runs,
    );
  });
});
