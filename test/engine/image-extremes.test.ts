import fc from 'fast-check';
import { RandomStream } from '../../src/core/random';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { modulation } from '../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { tanh } from '../../src/network/layers/tanh';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';

const shared = { loss: mse, synapse: complexSynapse };
const engines: readonly (readonly [string, Engine])[] = [
  ['simd', simdEngine({ blas: 'wasm' })],
  ['gpujs, mode cpu', gpujsEngine({ mode: 'cpu' })],
  ['gpujs, mode webasm', gpujsEngine({ mode: 'webasm' })],
];

/** The largest difference of any entry over the largest entry. */
function apart(got: ArrayLike<number>, truth: ArrayLike<number>): number {
  const difference = Math.max(...Array.from(truth, (value, i) => Math.abs(got[i]! - value)));
  return difference / Math.max(...Array.from(truth, Math.abs));
}

describe.each(engines)('a max-pool on %s', (_name, engine) => {
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
    const sessions = [await engine.open(network), await referenceEngine.open(network)];
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

it.each([engines[0]!, engines[2]!])(
  'sums over tens of thousands of pixels on %s keep the digits of single precision',
  async (_name, engine) => {
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
    for (const by of [engine, referenceEngine]) {
      const session = await by.open(network);
      await session.write('phi', phi);
      const { outputs } = await session.evaluate(batch);
      const product = await session.hessianVector(batch, direction);
      answers.push([outputs, await session.gradient(batch), product]);
      await session.close();
    }
    const errors = answers[0]!.map((answer, i) => apart(answer, answers[1]![i]!));
    if (process.env.SHOW_ERRORS !== undefined) console.log(errors);
    expect(Math.max(...errors)).toBeLessThan(1.5e-6);
  },
);
