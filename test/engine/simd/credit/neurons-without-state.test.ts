import { UnstableNeuronsError } from '../../../../src/core/errors';
import type { Engine, Session } from '../../../../src/engine/engine';
import { referenceEngine } from '../../../../src/engine/reference/reference-engine';
import { simdEngine } from '../../../../src/engine/simd/simd-engine';
import { sgd } from '../../../../src/learning/optimizers';
import type { Credit } from '../../../../src/network/credit/credit';
import { dualPropagation } from '../../../../src/network/credit/dual';
import { equilibriumPropagation } from '../../../../src/network/credit/equilibrium';
import { feedbackAlignment } from '../../../../src/network/credit/random-feedback';
import { batchNorm } from '../../../../src/network/layers/batch-norm';
import { dense } from '../../../../src/network/layers/dense';
import { mse } from '../../../../src/network/loss';
import { defineNetwork, withCredit } from '../../../../src/network/network';
import { complexSynapse } from '../../../../src/synapse/model';
import { defineRule } from '../../../../src/synapse/rule';
import { chainProblem } from '../../../credit/problems';

const problem = chainProblem({ widths: [2, 6, 6, 3], before: ['none', 'tanh', 'tanh'], seed: 7 });
const classes = chainProblem({ widths: [2, 6, 3], before: ['none', 'tanh'], loss: 'cross-entropy', seed: 7 });
const large = problem.phi.map((value) => Math.fround(value * 4));
const simd = simdEngine({ blas: 'wasm' });

async function refused(
  engine: Engine,
  given: typeof problem,
  credit: Credit,
  phi: Float64Array,
  ask: (session: Session) => Promise<unknown>,
): Promise<UnstableNeuronsError> {
  const session = await engine.open(withCredit(given.network, credit));
  await session.write('phi', phi);
  const error = await ask(session).then(
    () => null,
    (error: unknown) => error,
  );
  expect(await session.read('phi')).toEqual(phi);
  await session.close();
  expect(error).toBeInstanceOf(UnstableNeuronsError);
  return error as UnstableNeuronsError;
}

const settle = (session: Session) =>
  session.settle({
    ...{ inner: sgd({ rate: 0.1 }), beta: 0, steps: 3, stepsTaken: 0, tolerance: 0 },
    ...{ train: problem.batch, replay: null },
  });

describe('neurons that would not settle on simd', () => {
  it.each([
    ['gradient', (session: Session) => session.gradient(problem.batch)],
    ['settle', settle],
    ['relax', (session: Session) => session.relax!(problem.batch)],
  ] as const)('are refused as the reference engine does, phi as it was: %s', async (_, ask) => {
    const credit = equilibriumPropagation({ dt: 0.5, sweeps: 10 });
    const own = await refused(simd, problem, credit, large, ask);
    const right = await refused(referenceEngine, problem, credit, large, (session) =>
      session.gradient(problem.batch),
    );
    expect(own.message).toBe(right.message);
  });

  it('are refused on the way to a product with the Hessian, phi as it was', () =>
    refused(simd, problem, equilibriumPropagation({ dt: 0.5 }), large, (session) =>
      session.hessianVector(problem.batch, large),
    ));

  it('are refused in a thread of their own, and work again once the weights are smaller', async () => {
    const [session] = await simd.openSideBySide!(
      withCredit(problem.network, equilibriumPropagation({ dt: 0.5, sweeps: 10 })),
      1,
    );
    await session!.write('phi', large);
    for (let turn = 0; turn < 2; turn++) await expect(settle(session!)).rejects.toThrow(UnstableNeuronsError);
    await session!.write(
      'phi',
      problem.phi.map((value) => value / 2),
    );
    expect(await settle(session!)).toMatchObject({ steps: 3, diverged: false });
    await session!.close();
  });

  it.each([
    ['dt too long for the cost alone', problem, equilibriumPropagation({ dt: 1.99, nudge: 10 })],
    ['two states of outputs that squared error draws too hard', problem, dualPropagation({ nudge: 3 })],
    ['two states of outputs that iteration does not find', classes, dualPropagation({ nudge: 40 })],
  ] as const)('are refused for %s', async (_, given, credit) => {
    // Fifteenfold: so far apart that the softmax turns over at each iteration.
    const phi = given.phi.map((value) => Math.fround(value / 15));
    await refused(simd, given, credit, phi, (session) => session.gradient(given.batch));
    await refused(referenceEngine, given, credit, phi, (session) => session.gradient(given.batch));
  });
});

describe('what simd has no kernels for', () => {
  it('is a rule of one own, for which it names the engine that runs it', async () => {
    const rule = defineRule('hebbian', {
      gradient: function hebbian(gradient: number[], pre: number[], weight: number) {
        return gradient[this.thread.x]! - weight * pre[this.thread.x]!;
      },
    });
    await expect(simd.open(withCredit(problem.network, feedbackAlignment({ rule })))).rejects.toThrow(
      /"hebbian".*"feedback credit".*engine reference/,
    );
  });

  it('is a network that is no chain of dense layers, or an unknown credit, when it is opened', async () => {
    const network = defineNetwork({
      ...{ input: [2], layers: [dense(2, 3), batchNorm(3), dense(3, 1)], loss: mse },
      ...{ synapse: complexSynapse, credit: dualPropagation() },
    });
    await expect(simd.open(network)).rejects.toThrow(/layer 1 \(batch-norm\)/);
    await expect(
      simd.open(withCredit(problem.network, { ...dualPropagation(), kind: 'duel' })),
    ).rejects.toThrow(/credit.*duel.*registerNeuronArithmetic/s);
  });

  it('is a frame every 0 sweeps', async () => {
    const session = await simd.open(withCredit(problem.network, dualPropagation()));
    await expect(session.relax!(problem.batch, { every: 0 })).rejects.toThrow(/every/);
    await session.close();
  });
});
