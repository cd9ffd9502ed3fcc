import { type EngineName, engineNamed } from '../../src/engine/auto';
import { sgd } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { defineSynapse } from '../../src/synapse/model';

const names = [
  'anchor',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',

  'float',
  'vec2',
  'result',
  'zeros',
];

describe.each(['reference', 'simd', 'gpujs'])('engine %s', (engine) => {
  it.each(names)('takes a variable named %s for what it is', async (name) => {
    const synapse = defineSynapse({ fast: 'phi', meta: [name], penalty: `0.25 * (phi - ${name})^2` });
    const layers = [dense(1, 1, { bias: false })];
    const network = defineNetwork({ input: [1], layers, loss: mse, synapse });
    const session = await (await engineNamed(engine as EngineName)).open(network);
    await session.write(name, Float64Array.of(2));
    const one = Float64Array.of(1);
    const train = { samples: 1, inputs: 1, targets: 1, x: one, y: one };
    const inner = sgd({ rate: 0.1 });
    await session.settle({ inner, train, replay: null, beta: 0, steps: 64, stepsTaken: 0, tolerance: 0 });
    // 2 (phi - 1) + (phi - 2) / 2 = 0.
    expect((await session.read('phi'))[0]).toBeCloseTo(1.2, 5);
    await session.close();
  });
});
