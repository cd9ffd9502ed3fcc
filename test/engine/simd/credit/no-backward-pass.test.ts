import { SimdPass } from '../../../../src/engine/simd/passes/simd-pass';
import { simdEngine } from '../../../../src/engine/simd/simd-engine';
import { sgd } from '../../../../src/learning/optimizers';
import { dualPropagation } from '../../../../src/network/credit/dual';
import { equilibriumPropagation } from '../../../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../../../src/network/credit/random-feedback';
import { type Network, withCredit } from '../../../../src/network/network';
import { chainProblem } from '../../../credit/problems';

const { network, phi, batch, other } = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });

/** How often a backward pass is written down while everything is asked for. */
async function backwardPasses(asked: Network): Promise<number> {
  const spies = (['gradientStages', 'hessianVector'] as const).map((name) =>
    jest.spyOn(SimdPass.prototype, name),
  );
  try {
    const session = await simdEngine({ blas: 'wasm' }).open(asked);
    await session.write('phi', phi);
    const given = { inner: sgd({ rate: 0.1 }), beta: 0.1, steps: 3, stepsTaken: 0, tolerance: 0 };
    await session.settle({ ...given, train: batch, replay: other });
    await session.gradient(batch);
    await session.hessianVector(batch, phi);
    await session.relax?.(batch);
    await session.evaluate(batch);
    await session.close();
    return spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it.each([equilibriumPropagation(), dualPropagation(), feedbackAlignment(), directFeedback()])(
  'no backward pass is written down where credit is $kind',
  async (credit) => {
    expect(await backwardPasses(withCredit(network, credit))).toBe(0);
  },
);

it('would be seen: backprop writes some down', async () => {
  expect(await backwardPasses(network)).toBeGreaterThan(0);
});
