import fc from 'fast-check';
import { exactImplicit } from '../../src/baselines/exact-implicit';
import { imaml, t1t2 } from '../../src/baselines/imaml';
import { implicitGradient, relativeError } from '../../src/baselines/implicit';
import { neumann } from '../../src/baselines/neumann';
import { neumannSeries } from '../../src/baselines/neumann-series';
import { InputError, NoExactGradientError } from '../../src/core/errors';
import { norm } from '../../src/core/norm';
import { RandomStream } from '../../src/core/random';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import type { EpisodeContext } from '../../src/learning/meta-learner';
import { nesterov } from '../../src/learning/optimizers';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';

const diagonal = (eigenvalues: Float64Array) => async (vector: Float64Array) =>
  vector.map((value, i) => eigenvalues[i]! * value);
const eigenvalue = fc.double({ min: 0.01, max: 1, noNaN: true });

describe('the Neumann series', () => {
  it('of a diagonal matrix is (1 - (1 - rate a)^terms) / a in each direction', async () => {
    const array = fc.array(eigenvalue, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(array, fc.integer({ min: 1, max: 40 }), eigenvalue, async (values, terms, rate) => {
        const eigenvalues = Float64Array.from(values);
        const sum = await neumannSeries(
          diagonal(eigenvalues),
          eigenvalues.map(() => 1),
          { terms, rate },
        );
        // Of 1 - (1 - x)^n digits go where x is small: 1e-4 at the least, so that 1e-12 of it are left.
        sum.forEach((value, i) => {
          const a = eigenvalues[i]!;
          expect(Math.abs(value * a - (1 - (1 - rate * a) ** terms))).toBeLessThan(1e-12);
        });
      }),
    );
  });

  it('says so where its rate is so large that it has no limit, and which one to try', async () => {
    const series = neumannSeries(diagonal(Float64Array.of(1, 30)), Float64Array.of(1, 1), {
      terms: 50,
      rate: 0.1,
    });
    await expect(series).rejects.toThrow(NoExactGradientError);
    await expect(series).rejects.toThrow(/has no limit.*Got "rate 0\.1".*Try a rate of 0\.01/s);
  });
});

/** A small network at the minimum of its inner loss, as a method is handed it. */
async function problem(hidden = 3): Promise<EpisodeContext> {
  const stream = new RandomStream('neumann', 'seed');
  const normals = (length: number) => Float64Array.from({ length }, () => stream.normal());
  const network = mlp([2, hidden, 1], { synapse: complexSynapse });
  const slow = {
    omega: normals(network.size),
    lambda: normals(network.size).map((value) => 0.3 + 0.1 * value ** 2),
  };
  const session = await referenceEngine.open(network);
  for (const [name, values] of Object.entries(slow)) await session.write(name, values);
  const batch = (samples: number) => ({
    samples,
    inputs: 2,
    targets: 1,
    x: normals(2 * samples),
    y: normals(samples),
  });
  return {
    ...{ network, session, slow, start: normals(network.size) },
    population: new Population(network.synapse, network.topology),
    episode: { name: 'drawn', index: 0, train: batch(6), heldOut: batch(5) },
  };
}

describe('implicit methods at a minimum', () => {
  const adaptation = { optimizer: nesterov({ rate: 0.05 }), steps: 4000 };

  it('agree: conjugate gradient of many steps, a Neumann series of many terms, and the full Hessian', async () => {
    const context = await problem();
    const exact = await exactImplicit(adaptation).learn(context);
    const byGradients = await imaml({ ...adaptation, cgSteps: 4 * context.network.size }).learn(context);
    const bySeries = await neumann({ ...adaptation, terms: 4000, seriesRate: 0.1 }).learn(context);
    for (const variable of ['omega', 'lambda']) {
      const truth = exact.metaGradient[variable]!;
      expect(norm(truth)).toBeGreaterThan(0.1);
      // The condition number is below 1e3, and rounding 1e-15 a product; the series leaves out (1 - 0.1 * smallest)^4000, below 1e-15.
      expect(relativeError(byGradients.metaGradient[variable]!, truth)).toBeLessThan(1e-10);
      expect(relativeError(bySeries.metaGradient[variable]!, truth)).toBeLessThan(1e-10);
    }
    expect(bySeries.phi).toEqual(exact.phi);
    const phi = exact.phi!;
    const { session, network, episode, slow } = context;
    const again = await implicitGradient({ network, session, ...episode, phi, slow });
    expect(again.metaGradient).toEqual(exact.metaGradient);
    expect((1 - 0.1 * again.smallestEigenvalue) ** 4000).toBeLessThan(1e-15);
  });

  it('T1T2 has the direction of a Neumann series of one term', async () => {
    const context = await problem();
    const one = await neumann({ ...adaptation, terms: 1, seriesRate: 0.5 }).learn(context);
    const identity = await t1t2(adaptation).learn(context);
    one.metaGradient.lambda!.forEach((value, i) => {
      expect(value).toBeCloseTo(0.5 * identity.metaGradient.lambda![i]!, 14);
    });
  });

  it('with the full Hessian are refused for large networks before anything is learned', async () => {
    const context = await problem(1000);
    const settle = jest.spyOn(context.session, 'settle');
    const refused = exactImplicit({ ...adaptation, steps: 1 }).learn(context);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/Got "4001 parameters".*at most 3000.*conjugate gradient/s);
    expect(settle).not.toHaveBeenCalled();
  });
});
