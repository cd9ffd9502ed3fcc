import { openMachine } from '../../../src/engine/simd/machine/machine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { nesterov, type Optimizer, sgd } from '../../../src/learning/optimizers';
import { dense } from '../../../src/network/layers/dense';
import { mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';

const engine = simdEngine({ blas: 'wasm' });
const { memory } = openMachine('wasm');

/** Bytes a synapse of a session that has settled for a step on one sample, and what it leaves behind. */
async function bytesPerSynapse(inputs: number, outputs: number, inner: Optimizer) {
  const network = defineNetwork({
    input: [inputs],
    layers: [dense(inputs, outputs)],
    loss: mse,
    synapse: complexSynapse,
  });
  const before = memory.bytesInUse;
  const session = await engine.open(network);
  const [x, y] = [new Float64Array(inputs).fill(1), new Float64Array(outputs)];
  const train = { samples: 1, inputs, targets: outputs, x, y };
  await session.settle({ inner, beta: 0, steps: 1, stepsTaken: 0, train, replay: null, tolerance: 0 });
  const bytes = memory.bytesInUse - before;
  await session.close();
  return { perSynapse: bytes / network.size, left: memory.bytesInUse - before };
}

/** Six arrays of float32: phi, its gradient, omega, lambda, and direction and product of Hessian-vector products. */
const arrays = 6 * 4;
/** What one sample's activations and the ends of cache lines add to networks of half a million synapses, below 1 %. */
const rest = 0.01;

describe('the shared memory that a session takes', () => {
  it.each([
    ['24 bytes a synapse by a rule that keeps nothing', sgd({ rate: 0.1 }), arrays],
    ['28 where the rule keeps a momentum', nesterov({ rate: 0.1 }), arrays + 4],
  ])('is %s', async (_, inner, expected) => {
    const { perSynapse } = await bytesPerSynapse(512, 1024, inner);
    expect(perSynapse).toBeGreaterThanOrEqual(expected);
    expect(perSynapse).toBeLessThan(expected * (1 + rest));
  });

  it('is more by copies of weights and gradient where rows are no multiple of four', async () => {
    const { perSynapse } = await bytesPerSynapse(511, 1024, nesterov({ rate: 0.1 }));
    const expected = arrays + 4 + 2 * 4; // 511 weights are copied to 512 places, beside one bias: as many as synapses
    expect(perSynapse).toBeGreaterThanOrEqual(expected);
    expect(perSynapse).toBeLessThan(expected * (1 + rest));
  });

  it('is given back as a whole once the session is closed', async () => {
    expect((await bytesPerSynapse(512, 1024, nesterov({ rate: 0.1 }))).left).toBe(0);
  });
});
