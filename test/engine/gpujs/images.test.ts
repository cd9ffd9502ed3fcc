import fc from 'fast-check';
import { InputError } from '../../../src/core/errors';
import { RandomStream } from '../../../src/core/random';
import { gpujsEngine } from '../../../src/engine/gpujs/gpujs-engine';
import type { Handle } from '../../../src/engine/gpujs/kernel-maker';
import { NetworkKernels } from '../../../src/engine/gpujs/network-kernels';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { batchNorm } from '../../../src/network/layers/batch-norm';
import { conv2d } from '../../../src/network/layers/conv2d';
import { dense } from '../../../src/network/layers/dense';
import { flatten } from '../../../src/network/layers/flatten';
import { modulation } from '../../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../../src/network/layers/pool';
import { relu } from '../../../src/network/layers/relu';
import { tanh } from '../../../src/network/layers/tanh';
import { mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';

const shared = { loss: mse, synapse: complexSynapse };

/** The largest difference of any entry over the largest entry. */
function apart(got: ArrayLike<number>, truth: ArrayLike<number>): number {
  const difference = Math.max(...Array.from(truth, (value, i) => Math.abs(got[i]! - value)));
  return difference / Math.max(...Array.from(truth, Math.abs));
}

describe.each(['webasm', 'cpu'] as const)('a max-pool in mode %s', (mode) => {
  // The thresholds put any numbers into the windows, and their gradients say which number each window took.
  const pixels = fc.array(fc.constantFrom(-1, 0, -0, 1, 2, NaN, Infinity, -Infinity), {
    minLength: 25,
    maxLength: 25,
  });
  it.each([
    ['windows side by side', 2, 2],
    ['windows that overlap', 3, 2],
    ['windows with gaps', 2, 3],
  ])('takes the first of equal numbers, and NaN, as the reference engine: %s', async (_, size, stride) => {
    const layers = [modulation(25), maxPool(size, { stride }), flatten()];
    const network = defineNetwork({ ...shared, input: [1, 5, 5], layers });
    const sessions = [await gpujsEngine({ mode }).open(network), await referenceEngine.open(network)];
    const batch = {
      samples: 1,
      inputs: 25,
      targets: 4,
      x: new Float64Array(25).fill(1),
      y: new Float64Array(4),
    };
    await fc.assert(
      fc.asyncProperty(pixels, async (thresholds) => {
        const answers = [];
        for (const session of sessions) {
          await session.write('phi', [...new Float64Array(25), ...thresholds]);
          const { outputs } = await session.evaluate(batch);
          // A number less 0 has no negative zero.
          answers.push([...outputs, ...(await session.gradient(batch))].map((value) => value + 0));
        }
        expect(answers[0]).toEqual(answers[1]);
      }),
      { numRuns: 60 },
    );
    for (const session of sessions) await session.close();
  });
});

it('sums over tens of thousands of pixels keep the digits of single precision', async () => {
  const network = defineNetwork({
    ...{ ...shared, input: [1, 28, 28] },
    layers: [
      ...[conv2d(1, 2, { kernel: 3, padding: 1 }), batchNorm(2), tanh(), averagePool(14), flatten()],
      ...[dense(8, 2)],
    ],
  });
  const stream = new RandomStream('images', 'sums');
  // Numbers far from 0, as pixels that nobody has standardised: where sums lose most.
  const drawn = (length: number, about: number) =>
    Float64Array.from({ length }, () => Math.fround(about + stream.normal()));
  const samples = 75;
  const x = drawn(samples * 784, 3);
  const batch = { samples, inputs: 784, targets: 2, x, y: drawn(samples * 2, 0) };
  const phi = drawn(network.size, 0);
  const direction = drawn(network.size, 0);
  const answers: Float64Array[][] = [];
  for (const engine of [gpujsEngine({ mode: 'webasm' }), referenceEngine]) {
    const session = await engine.open(network);
    await session.write('phi', phi);
    const { outputs } = await session.evaluate(batch);
    const product = await session.hessianVector(batch, direction);
    answers.push([outputs, await session.gradient(batch), product]);
    await session.close();
  }
  const errors = answers[0]!.map((answer, i) => apart(answer, answers[1]![i]!));
  if (process.env.SHOW_ERRORS !== undefined) console.log(errors);
  expect(Math.max(...errors)).toBeLessThan(1.5e-6);
});

it('no kernel of a layer takes more than seven arrays, since WebGPU has eight for one kernel and its result', () => {
  const network = defineNetwork({
    ...{ ...shared, input: [1, 6, 6] },
    layers: [
      ...[conv2d(1, 2, { kernel: 3 }), batchNorm(2), tanh(), maxPool(2, { stride: 1 }), modulation(18)],
      ...[conv2d(2, 1, { kernel: 1, role: 'meta' }), averagePool(2), flatten(), relu(), dense(1, 2)],
    ],
  });
  const calls: number[] = [];
  const handle = (): Handle => ({}) as Handle;
  const kernels = new NetworkKernels(network, 3, () => (...values) => {
    calls.push(values.length);
    return handle();
  });
  const vectors = { fast: handle(), meta: handle() };
  const batch = { x: handle(), y: handle(), weight: handle() };
  for (const role of ['fast', 'meta'] as const) kernels.addGradient(role, handle(), vectors, batch);
  kernels.addHessianVector(handle(), vectors, vectors, batch, handle());
  expect(Math.max(...calls)).toBeLessThanOrEqual(7);
});

describe('what kernels cannot find by numbers of single precision is refused:', () => {
  const engine = gpujsEngine({ mode: 'cpu' });
  const pixel = () => conv2d(1, 1, { kernel: 1 });
  it.each([
    [
      'a layer with too many numbers a sample',
      [1, 2048, 4096],
      [pixel(), conv2d(1, 3, { kernel: 1 })],
      /layer 1 \(conv2d\)/,
    ],
    [
      'an image with too many',
      [1, 4097, 4096],
      [conv2d(1, 1, { kernel: 2, stride: 2 })],
      /numbers a sample.*4097/,
    ],
    ['too many parameters', [4097], [dense(4097, 4096)], /fast parameters.*16785408/],
    [
      'too many meta-parameters',
      [4097],
      [dense(4097, 4096, { role: 'meta' }), modulation(4096)],
      /meta-parameters/,
    ],
  ])('%s', async (_, input, layers, message) => {
    const network = defineNetwork({ ...shared, input, layers });
    await expect(engine.open(network)).rejects.toThrow(InputError);
    await expect(engine.open(network)).rejects.toThrow(message);
  });

  it('the largest is taken', async () => {
    const network = defineNetwork({ ...shared, input: [1, 4096, 4096], layers: [pixel()] });
    const session = await engine.open(network);
    expect(await session.read('phi')).toHaveLength(2);
    await session.close();
  });
});
