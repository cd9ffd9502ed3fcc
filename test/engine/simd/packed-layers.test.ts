import { RandomStream } from '../../../src/core/random';
import { makeBatch } from '../../../src/data/batch';
import type { Engine } from '../../../src/engine/engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { mlp } from '../../../src/network/mlp';
import { complexSynapse } from '../../../src/synapse/model';

// Wide enough, for so many samples, that all products pack their operands; 130 inputs lie in padded rows, in two blocks of depth.
const network = mlp([130, 270, 129, 6], { activation: 'tanh', synapse: complexSynapse });
const stream = new RandomStream('packed', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(stream.normal()));
const batchOf = (samples: number) =>
  makeBatch('drawn', { samples, inputs: 130, targets: 6, x: drawn(samples * 130), y: drawn(samples * 6) });
const [phi, direction] = [drawn(network.size).map((value) => 0.1 * value), drawn(network.size)];

const derivatives = async (engine: Engine, samples: ReturnType<typeof batchOf>) => {
  const session = await engine.open(network);
  await session.write('phi', phi);
  const found = [await session.gradient(samples), await session.hessianVector(samples, direction)];
  await session.close();
  return found;
};

/** The largest difference over the largest entry. */
const apart = (found: Float64Array, truth: Float64Array): number =>
  Math.max(...found.map((value, i) => Math.abs(value - truth[i]!))) / Math.max(...truth.map(Math.abs));

it.each([33, 41])('wide layers have the reference engine’s derivatives for %d samples', async (samples) => {
  const batch = batchOf(samples);
  const [found, truth] = [
    await derivatives(simdEngine({ blas: 'wasm' }), batch),
    await derivatives(referenceEngine, batch),
  ];
  // Float32 sums of up to 270 terms, three layers on end; measured 3.3e-7 and 4.5e-7.
  expect(apart(found[0]!, truth[0]!)).toBeLessThan(2e-6);
  expect(apart(found[1]!, truth[1]!)).toBeLessThan(2e-6);
});
