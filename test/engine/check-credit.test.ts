import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { dualPropagation } from '../../src/network/credit/dual';
import { withCredit } from '../../src/network/network';
import { chainProblem } from '../credit/problems';

it('an engine with a backward pass alone refuses other credit, in place of going backwards in silence', async () => {
  const { network } = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });
  await expect(gpujsEngine().open(withCredit(network, dualPropagation()))).rejects.toThrow(
    /engine gpujs .*"dual".*backprop.*simd, or reference/,
  );
});
