import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix, QrDecomposition, solve } from 'ml-matrix';
import { antiHebbianUnit, antiHebbRule } from '../../models/anti-hebbian';
import { bcmRule, bcmUnit } from '../../models/bcm';
import { hebbianUnit, hebbRule } from '../../models/hebbian';
import { ojaRule, ojaUnit } from '../../models/oja';
import { deltaLayer, deltaRule, rewardedUnit, rewardRule } from '../../models/three-factor';
import type { Batch } from '../../src/data/batch';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { sgd } from '../../src/learning/optimizers';
import { startAfresh } from '../../src/learning/prepare-session';
import type { Network } from '../../src/network/network';
import { perturbLocality } from '../../src/synapse/perturb-locality';

interface Beginning {
  readonly phi: ArrayLike<number>;
  readonly omega?: ArrayLike<number>;
  readonly lambda?: ArrayLike<number>;
  readonly rate: number;
  readonly steps: number;
}

/** phi where learning the batch has come to. */
async function learned(network: Network, train: Batch, { phi, rate, steps, ...slow }: Beginning) {
  const session = await referenceEngine.open(network);
  const inner = sgd({ rate });
  await startAfresh(network, session, inner, Float64Array.from(phi));
  for (const [name, values] of Object.entries(slow)) await session.write(name, values);
  const phase = { inner, beta: 0, stepsTaken: 0, train, replay: null };
  const settled = await session.settle({ ...phase, steps, tolerance: 1e-13 });
  const { outputs } = await session.evaluate(train);
  const end = await session.read('phi');
  await session.close();
  return { phi: end, outputs, ...settled };
}

const unsupervised = (x: Matrix): Batch => ({
  samples: x.rows,
  inputs: x.columns,
  targets: 1,
  x: Float64Array.from(x.to1DArray()),
  y: new Float64Array(x.rows),
});

const moment = (x: Matrix): Matrix => x.transpose().mmul(x).div(x.rows);

/** Eigenvalues from the largest down, with their unit vectors. */
function eigenpairs(symmetric: Matrix) {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric);
  return realEigenvalues
    .map((value, i) => ({ value, vector: eigenvectorMatrix.getColumn(i) }))
    .sort((a, b) => b.value - a.value);
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);

const number = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const rows = (count: number, columns: number) =>
  fc.array(fc.array(number, { minLength: columns, maxLength: columns }), {
    minLength: count,
    maxLength: count,
  });
/** Data, and a place to start from. */
const data = fc
  .integer({ min: 2, max: 5 })
  .chain((columns) => fc.tuple(rows(8, columns), rows(1, columns)))
  .map(([x, [start]]) => ({ x: new Matrix(x), start: start! }));

/** Data whose first principal component stands out, and a start that is not orthogonal to it: else there is no one place to come to in some steps. */
const oneComponent = data.filter(({ x, start }) => {
  const [first, second] = eigenpairs(moment(x));
  return (
    first!.value > 0.2 && first!.value > 1.3 * second!.value && Math.abs(dot(start, first!.vector)) > 0.1
  );
});

describe('models of synapses that learn from activity', () => {
  it.each([hebbRule, ojaRule, bcmRule, antiHebbRule, deltaRule, rewardRule])('are local: $name', (rule) => {
    expect(perturbLocality(rule)).toEqual({ local: true, breaches: [] });
  });

  it("grow by Hebb's rule along each principal component by 1 + rate times its variance, so that the first wins and no norm bounds it", async () => {
    await fc.assert(
      fc.asyncProperty(oneComponent, async ({ x, start }) => {
        const pairs = eigenpairs(moment(x));
        const grow = async (steps: number) =>
          (await learned(hebbianUnit(x.columns), unsupervised(x), { phi: start, rate: 0.1, steps })).phi;
        const some = await grow(20);
        for (const { value, vector } of pairs) {
          const grown = (1 + 0.1 * value) ** 20 * dot(start, vector);
          // Rounding of 20 steps, against the length of phi.
          expect(Math.abs(dot(some, vector) - grown)).toBeLessThan(1e-12 * Math.hypot(...some));
        }
        const many = await grow(1500);
        expect(Math.abs(dot(many, pairs[0]!.vector)) / Math.hypot(...many)).toBeGreaterThan(0.99);
        expect(Math.hypot(...many)).toBeGreaterThan(1e6);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it("settle by Oja's rule at the first principal component, of norm 1", async () => {
    await fc.assert(
      fc.asyncProperty(oneComponent, async ({ x, start }) => {
        const [first] = eigenpairs(moment(x));
        const given = { phi: start, rate: 0.1, steps: 20_000 };
        const { phi, converged } = await learned(ojaUnit(x.columns), unsupervised(x), given);
        expect(converged).toBe(true);
        const sign = Math.sign(dot(start, first!.vector));
        // A residual of 1e-13, over a gap of 0.05 at least, and the solver's own digits.
        first!.vector.forEach((value, i) => {
          expect(Math.abs(phi[i]! - sign * value)).toBeLessThan(1e-10);
        });
      }),
      { numRuns: 20, seed: 2 },
    );
  });

  it('answer by the BCM rule one of K orthonormal patterns, with 1/p as tracking says, and the others with 0', async () => {
    const patterns = fc
      .integer({ min: 2, max: 5 })
      .chain((size) =>
        fc.tuple(
          rows(size, size),
          fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
        ),
      )
      .map(([x, answers]) => ({ matrix: new Matrix(x), answers }))
      .filter(({ matrix, answers }) => {
        const [first, second] = [...answers].sort((a, b) => b - a);
        return (
          Math.abs(new QrDecomposition(matrix).upperTriangularMatrix.diagonal().reduce((a, b) => a * b)) >
            1e-3 && first! - second! > 0.05
        );
      });
    await fc.assert(
      fc.asyncProperty(patterns, fc.constantFrom(0.05, 0.1, 0.3), async ({ matrix, answers }, tracking) => {
        const x = new QrDecomposition(matrix).orthogonalMatrix;
        const size = x.rows;
        const start = x.transpose().mmul(Matrix.columnVector(answers)).to1DArray();
        const given = { phi: start, rate: 0.15 * size * tracking, steps: 20_000 };
        const { outputs, converged } = await learned(bcmUnit(size, tracking), unsupervised(x), given);
        expect(converged).toBe(true);
        const full = (1 - (1 - tracking) ** size) / tracking;
        const active = [...outputs].filter((answer) => Math.abs(answer - full) < 1e-8);
        const silent = [...outputs].filter((answer) => Math.abs(answer) < 1e-8);
        expect([active.length, silent.length]).toEqual([1, size - 1]);
        // 1/p is K; what tracking takes off it, (K - 1) tracking / 2 of it, is in the formula.
        if (tracking === 0.05) expect(Math.abs(full / size - 1)).toBeLessThan(0.11);
      }),
      { numRuns: 20, seed: 3 },
    );
  }, 120_000);

  it('filter by the anti-Hebbian rule what they are used to: (C + Lambda) phi = Lambda omega', async () => {
    const strengths = fc.array(fc.double({ min: 0.05, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(data, strengths, async ({ x, start: omega }, all) => {
        const lambda = all.slice(0, x.columns);
        const given = { phi: omega, omega, lambda, rate: 0.1, steps: 20_000 };
        const { phi, converged } = await learned(antiHebbianUnit(x.columns), unsupervised(x), given);
        expect(converged).toBe(true);
        const strength = Matrix.diag(lambda);
        const right = solve(moment(x).add(strength), strength.mmul(Matrix.columnVector(omega)));
        // A residual of 1e-13, over a curvature of 0.05 at least.
        right.to1DArray().forEach((value, i) => {
          expect(Math.abs(phi[i]! - value)).toBeLessThan(1e-11);
        });
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it('decorrelate by the anti-Hebbian rule the output from every input that nothing holds', async () => {
    const stream = [0.9, 0.8, -0.4, 0.5, -0.7, -0.9, -0.8, -0.3, 0.6, 1.1, -1.2, 0.2].map((v, i) => [
      v,
      v + Math.sin(5 * i),
      Math.cos(3 * i),
    ]);
    const x = new Matrix(stream);
    const given = { phi: [1, 0, 0], omega: [1, 0, 0], lambda: [1, 0, 0], rate: 0.1, steps: 50_000 };
    const { phi, outputs, converged } = await learned(antiHebbianUnit(3), unsupervised(x), given);
    expect(converged).toBe(true);
    const before = dot(x.getColumn(0), x.getColumn(1)) / x.rows;
    expect(Math.abs(before)).toBeGreaterThan(0.3);
    for (const input of [1, 2])
      expect(Math.abs(dot(outputs, x.getColumn(input)) / x.rows)).toBeLessThan(1e-12);
    expect(Math.abs(phi[0]!)).toBeGreaterThan(0.1);
  });

  it('settle by the delta rule at the least squares', async () => {
    const problems = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
      .chain(([inputs, outputs]) => fc.tuple(rows(10, inputs), rows(10, outputs)));
    const wellPosed = problems.filter(
      ([x]) => eigenpairs(moment(withOnes(new Matrix(x)))).at(-1)!.value > 0.03,
    );
    await fc.assert(
      fc.asyncProperty(wellPosed, async ([inputs, targets]) => {
        const [x, y] = [new Matrix(inputs), new Matrix(targets)];
        const network = deltaLayer(x.columns, y.columns);
        const batch = { ...unsupervised(x), targets: y.columns, y: Float64Array.from(y.to1DArray()) };
        const given = { phi: new Float64Array(network.size), rate: 0.15 * y.columns, steps: 50_000 };
        const { phi, converged } = await learned(network, batch, given);
        expect(converged).toBe(true);
        const right = solve(withOnes(x), y, true); // [inputs + 1][outputs]
        const weights = right
          .subMatrix(0, x.columns - 1, 0, y.columns - 1)
          .transpose()
          .to1DArray();
        [...weights, ...right.getRow(x.columns)].forEach((value, i) => {
          expect(Math.abs(phi[i]! - value)).toBeLessThan(1e-10);
        });
      }),
      { numRuns: 20, seed: 5 },
    );
  });

  it('climb by reward-modulated Hebb to the action of the largest reward in each context, told no target', async () => {
    const best = [0.7, -1.1, 0.4];
    const contexts = best.length;
    // Each context with noise up and down; the noise comes in by the last synapse.
    const x = best.flatMap((_, c) =>
      [1, -1].map((noise) => [...best.map((_, k) => (k === c ? 1 : 0)), noise]),
    );
    const batch = {
      ...unsupervised(new Matrix(x)),
      y: Float64Array.from(best.flatMap((value) => [value, value])),
    };
    const network = rewardedUnit(contexts + 1);
    const held = [0, 0, 0, 1];
    const given = {
      phi: held,
      omega: held,
      lambda: held.map((value) => 20 * value),
      rate: 0.05,
      steps: 20_000,
    };
    const { phi, outputs, converged } = await learned(network, batch, given);
    expect(converged).toBe(true);
    best.forEach((value, c) => {
      expect(Math.abs(phi[c]! - value)).toBeLessThan(1e-10);
    });
    // It goes on exploring: by what holds the synapse of the noise.
    expect(phi[contexts]).toBeGreaterThan(0.9);
    // Once each mean of the reward is the reward, nothing is left to climb.
    const rewards = [...outputs].map((answer, n) => -((answer - batch.y[n]!) ** 2));
    expect(Math.max(...rewards) - Math.min(...rewards)).toBeLessThan(1e-9);
  });
});

function withOnes(x: Matrix): Matrix {
  return new Matrix(x.to2DArray().map((row) => [...row, 1]));
}
