import { Matrix } from 'ml-matrix';
import { exactImplicit } from '../../src/baselines/exact-implicit';
import { symmetricEigen } from '../../src/baselines/symmetric-eigen';
import { Interruption } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import type { SettleRequest } from '../../src/engine/engine';
import { PausingSession } from '../../src/engine/pausing-session';
import { backpropSession } from '../../src/engine/reference/backprop-session';
import { nesterov, sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { conv2d } from '../../src/network/layers/conv2d';
import { flatten } from '../../src/network/layers/flatten';
import { mse } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { TaskStream } from '../../src/tasks/task-stream';

const network = mlp([2, 3, 1], { synapse: complexSynapse, activation: 'tanh' });
const train = {
  ...{ samples: 4, inputs: 2, targets: 1 },
  x: Float64Array.from({ length: 8 }, (_, i) => Math.sin(i)),
  y: Float64Array.from({ length: 4 }, (_, i) => Math.cos(i)),
};
const request = (change: Partial<SettleRequest> = {}): SettleRequest => ({
  ...{ inner: nesterov({ rate: 0.1 }), beta: 0, steps: 50, stepsTaken: 3, train, replay: null, tolerance: 0 },
  ...change,
});
const start = Float64Array.from({ length: network.size }, (_, i) => Math.sin(3 * i));

/** What a session makes of a request, in slices of so many steps. */
async function settled(steps: number, change: Partial<SettleRequest>) {
  const session = new PausingSession(backpropSession(network), network, steps * 4 * network.size);
  await session.write('phi', start);
  const end = await session.settle(request(change));
  return { end, phi: await session.read('phi') };
}

describe('a phase in slices', () => {
  it.each<[string, Partial<SettleRequest>]>([
    ['to its budget', {}],
    ['to its tolerance', { tolerance: 0.3 }],
    ['out of every bound', { inner: sgd({ rate: 1e6 }) }],
    ['of no step', { steps: 0 }],
  ])('%s ends as in one piece, to the bit', async (_what, change) => {
    const whole = await settled(1000, change);
    expect(await settled(7, change)).toEqual(whole);
    expect(await settled(1, change)).toEqual(whole);
  });

  it('lets timers be heard in between', async () => {
    let heard = 0;
    const timer = setInterval(() => heard++, 1);
    await settled(1, { steps: 20_000 });
    clearInterval(timer);
    expect(heard).toBeGreaterThan(1);
  });

  it('counts a weight of a convolution at each pixel, so that images have slices as short', async () => {
    const images = defineNetwork({
      ...{ input: [1, 8, 8], loss: mse, synapse: complexSynapse },
      layers: [conv2d(1, 1, { kernel: 1, bias: false }), flatten()],
    });
    const inner = backpropSession(images);
    const settle = jest.spyOn(inner, 'settle');
    const batch = { samples: 2, inputs: 64, targets: 64, x: new Float64Array(128), y: new Float64Array(128) };
    await new PausingSession(inner, images, 2 * 64 * 5).settle(request({ train: batch, steps: 12 }));
    expect(settle.mock.calls.map(([{ steps }]) => steps)).toEqual([5, 5, 2]);
  });
});

describe('all eigenvalues of a matrix', () => {
  const matrix = Matrix.zeros(200, 200);
  for (let i = 0; i < 200; i++) for (let k = 0; k < 200; k++) matrix.set(i, k, 1 / (1 + i + k));

  it('of many rows leave the event loop free, and solve the matrix', async () => {
    let heard = 0;
    const timer = setInterval(() => heard++, 1);
    const { values, vectors } = await symmetricEigen(matrix);
    clearInterval(timer);
    expect(heard).toBeGreaterThan(1);
    const back = vectors.mmul(Matrix.diag([...values])).mmul(vectors.transpose());
    // The largest eigenvalue is below 2.5: some hundred roundings of it.
    expect(back.sub(matrix).norm('frobenius')).toBeLessThan(1e-13);
  });

  it('are not begun where the run was interrupted before', async () => {
    await expect(symmetricEigen(matrix, AbortSignal.abort())).rejects.toThrow(Interruption);
  });

  it('end where the run is interrupted', async () => {
    const interruption = new AbortController();
    const solving = symmetricEigen(matrix, interruption.signal);
    interruption.abort();
    await expect(solving).rejects.toThrow(Interruption);
  });
});

it('the exact implicit method hears an interruption in the middle of a task', async () => {
  const learner = new StreamLearner({
    network: mlp([1, 30, 30, 1], { synapse: complexSynapse, activation: 'tanh' }),
    learner: exactImplicit({ optimizer: sgd({ rate: 0.01 }), steps: 20 }),
    stream: new TaskStream({ source: sinusoids(), random: new RandomStreams(1).stream('tasks') }),
    meta: { optimizer: sgd({ rate: 0.1 }), learn: ['omega'] },
    ...{ batch: 1, engine: 'reference', rules: plainExecutor() },
  });
  const interruption = new AbortController();
  setTimeout(() => interruption.abort(), 100);
  await expect(learner.metaStep(interruption.signal)).rejects.toThrow(Interruption);
  await learner.close();
});
