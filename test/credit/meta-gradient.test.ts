import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { contrastive } from '../../src/learning/contrastive';
import { symmetric } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import type { Credit } from '../../src/network/credit/credit';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { type Network, withCredit } from '../../src/network/network';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type ChainProblem, chainProblem, cosine, relative } from './problems';
import { surrogateOfDual, surrogateOfEquilibrium } from './surrogate';

const lambda = 0.4;
const optimizer = sgd({ rate: 0.3 });

async function metaGradient(
  network: Network,
  { phi, batch, other }: ChainProblem,
  beta: number,
  steps: number,
) {
  const phase = { optimizer, steps, tolerance: 1e-13 };
  const simulation = simulate({
    network,
    task: { name: 'task', train: batch, heldOut: other },
    rule: contrastive({ estimator: symmetric(beta), free: phase, nudged: phase }),
    meta: { optimizer: sgd({ rate: 0.1 }), learn: ['omega', 'lambda'] },
    engine: referenceEngine,
    rules: plainExecutor(),
    initial: { phi, omega: phi, lambda },
  });
  const { metaGradient } = await simulation.estimate();
  await simulation.close();
  return metaGradient;
}

/** phi at the minimum of the inner loss of these slow variables, by the gradient of the credit itself, which another test holds to differences. */
async function minimum(
  network: Network,
  { phi, batch }: ChainProblem,
  slow: Record<'omega' | 'lambda', Float64Array>,
) {
  const session = await referenceEngine.open(network);
  for (const [name, values] of Object.entries({ phi, ...slow })) await session.write(name, values);
  await session.settle({
    inner: optimizer,
    beta: 0,
    steps: 20_000,
    stepsTaken: 0,
    train: batch,
    replay: null,
    tolerance: 1e-13,
  });
  const settled = await session.read('phi');
  await session.close();
  return settled;
}

describe('the contrast over phases of local learning', () => {
  const problem = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'], samples: 3, seed: 11 });

  // Symmetric differences of the phases leave O(beta^2) = 1e-6, and those of the objective 1e-8: 1e-4 is what is promised.
  it.each([
    ['equilibrium', equilibriumPropagation({ nudge: 0.1, sweeps: 600 }), surrogateOfEquilibrium],
    ['dual', dualPropagation({ nudge: 0.1, sweeps: 60 }), surrogateOfDual],
  ] as [string, Credit, typeof surrogateOfDual][])(
    'is, by %s, the meta-gradient of the bilevel problem of its surrogate loss, by finite differences',
    async (_, credit, surrogate) => {
      const network = withCredit(problem.network, credit);
      const given = await metaGradient(network, problem, 1e-3, 20_000);
      const { size } = network;
      const at = Float64Array.from([...problem.phi, ...new Float64Array(size).fill(lambda)]);
      // Only some entries of each, since every one takes two minimisations.
      const entries = [0, 4, size - 1];
      for (const variable of ['omega', 'lambda'] as const) {
        const right: number[] = [];
        for (const i of entries) {
          const outer = async (change: number) => {
            const moved = at.slice();
            moved[(variable === 'omega' ? 0 : size) + i]! += change;
            const slow = { omega: moved.slice(0, size), lambda: moved.slice(size) };
            return surrogate(network, await minimum(network, problem, slow), problem.other, 0.1);
          };
          right.push(((await outer(1e-4)) - (await outer(-1e-4))) / 2e-4);
        }
        const own = entries.map((i) => given[variable]![i]!);
        expect(relative(own, right)).toBeLessThan(1e-4);
      }
    },
    120_000,
  );

  it('has, by dual at b = .01, the direction of the one by backprop', async () => {
    const larger = chainProblem({
      widths: [1, 12, 12, 1],
      before: ['none', 'tanh', 'tanh'],
      samples: 6,
      seed: 2,
    });
    const exact = await metaGradient(larger.network, larger, 0.1, 400);
    const own = await metaGradient(
      withCredit(larger.network, dualPropagation({ nudge: 0.01 })),
      larger,
      0.1,
      400,
    );
    for (const variable of ['omega', 'lambda'])
      expect(cosine(own[variable]!, exact[variable]!)).toBeGreaterThan(0.999);
  }, 60_000);

  it('differs, by neurons that have not settled, from that of the surrogate loss', async () => {
    const settled = await metaGradient(
      withCredit(problem.network, equilibriumPropagation({ sweeps: 600 })),
      problem,
      1e-2,
      2000,
    );
    const few = equilibriumPropagation({ sweeps: 10, order: 'synchronous', dt: 0.1 });
    const unsettled = await metaGradient(withCredit(problem.network, few), problem, 1e-2, 2000);
    expect(relative(unsettled.omega!, settled.omega!)).toBeGreaterThan(0.1);
  }, 60_000);
});
