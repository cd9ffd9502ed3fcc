import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import type { Session } from '../../src/engine/engine';
import type { Kernels } from '../../src/engine/simd/machine/kernels';
import { openMachine } from '../../src/engine/simd/machine/machine';
import { findSystemBlas } from '../../src/engine/simd/machine/system-blas';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { adam, nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { cases } from './cases';
import { engineConformance } from './engine-conformance';

// Float32 has a rounding of 6e-8 an operation. Sums of some tens of terms and two or three layers on end lose one to two
// digits of that. Phases of eight to twenty steps lose no more, Adam's neither: what its rule makes of its decays alone is
// worked out in float64 (1 - 0.999 in float32 put the residual off by 1e-5).
const tolerances = { derivatives: 3e-6, hessianVector: 1e-5, settle: 3e-6 };

engineConformance(simdEngine({ blas: 'wasm' }), tolerances, { randomNetworks: 150 });

describe('a session in a thread of its own gives the same bits as one here:', () => {
  const engine = simdEngine({ blas: 'wasm' });
  it.each(cases)('%s', async (_, { network, train, heldOut, phi, theta, omega, lambda, directions }) => {
    const seen = async (session: Session) => {
      for (const [name, values] of Object.entries({ phi, theta, omega, lambda }))
        await session.write(name, values);
      const given = { inner: nesterov({ rate: 0.03 }), stepsTaken: 0, train };
      const seen = [
        ...[await session.evaluate(train), await session.gradient(heldOut)],
        ...[await session.metaGradient(heldOut), await session.hessianVector(train, directions[0])],
        await session.settle({ ...given, beta: 0, replay: null, steps: 7, tolerance: 0 }),
        await session.settle({ ...given, beta: 0.3, replay: heldOut, steps: 5, tolerance: 1e-9 }),
        await session.settle({
          ...given,
          inner: adam({ rate: 0.02 }),
          beta: 0,
          replay: null,
          steps: 3,
          tolerance: 0,
        }),
        ...[await session.read('phi'), await session.read('momentum'), await session.read('secondMoment')],
      ];
      await session.close();
      return seen;
    };
    const [beside] = await engine.openSideBySide!(network, 1);
    expect(await seen(beside!)).toEqual(await seen(await engine.open(network)));
  });
});

/** Products small enough for WebAssembly stay there, so these are large. */
describe('a BLAS library of the system', () => {
  const { memory, kernels } = openMachine();
  const { blas, why } = findSystemBlas(memory.memory, kernels);
  if (blas === null) console.warn(`not tested, since ${why}`);
  const maybe = blas === null ? it.skip : it;
  const stream = new RandomStream('blas', 'seed');
  const filled = (count: number) => {
    const vector = memory.allocate(count);
    for (let i = 0; i < count; i++) vector.values[i] = stream.normal();
    return vector;
  };
  const [a, b, bias, c] = [filled(64 * 128), filled(128 * 96), filled(96), filled(64 * 96)];
  const start = c.values.slice();

  /** The largest difference between the two, over the largest entry. */
  const difference = (run: (by: Pick<Kernels, 'multiplyAdd' | 'multiplyTransposed'>) => void): number => {
    const [own, systems] = [kernels, blas!].map((by) => {
      c.values.set(start);
      run(by);
      return c.values.slice();
    });
    return (
      Math.max(...own!.map((value, i) => Math.abs(value - systems![i]!))) / Math.max(...own!.map(Math.abs))
    );
  };

  maybe.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])(
    'multiplies as they do, a plain and transposed, with a row to start from: %d, added to: %d',
    (started, add) => {
      const from = started * bias.pointer;
      const plain = difference((by) =>
        by.multiplyAdd(a.pointer, 128, 1, b.pointer, 96, from, c.pointer, 96, 64, 128, 96, add),
      );
      const turned = difference((by) =>
        by.multiplyAdd(a.pointer, 1, 64, b.pointer, 96, from, c.pointer, 96, 64, 128, 96, add),
      );
      // Sums of 128 products in another order.
      expect(plain).toBeLessThan(3e-6);
      expect(turned).toBeLessThan(3e-6);
    },
  );

  maybe.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])('multiplies by a transposed matrix as they do, with a bias: %d, added to: %d', (biased, add) => {
    const from = biased * bias.pointer;
    const apart = difference((by) =>
      by.multiplyTransposed(a.pointer, 128, b.pointer, 128, from, c.pointer, 96, 64, 128, 96, add),
    );
    expect(apart).toBeLessThan(3e-6);
  });
});

it('a thread is told anew where batches lie, when their places have gone to batches of other sizes', async () => {
  const engine = simdEngine({ blas: 'wasm' });
  const network = defineNetwork({ input: [1], layers: [dense(1, 1)], loss: mse, synapse: complexSynapse });
  const stream = new RandomStream('places', 'seed');
  const batchOf = (samples: number): Batch => {
    const numbers = () => Float64Array.from({ length: samples }, () => stream.normal());
    return { samples, inputs: 1, targets: 1, x: numbers(), y: numbers() };
  };
  // 10, 11 and 12 samples need places of one size. Four batches are kept, and the least used ones make room.
  const [a, b, c, d] = [10, 10, 10, 10].map(batchOf) as [Batch, Batch, Batch, Batch];
  const course = [a, b, c, d, batchOf(11), b, c, d, batchOf(12)];
  const seen = async (session: Session) => {
    const ends: Float64Array[] = [];
    for (const train of course) {
      const given = { inner: nesterov({ rate: 0.03 }), stepsTaken: 0, beta: 0, replay: null, tolerance: 0 };
      await session.settle({ ...given, train, steps: 3 });
      ends.push(await session.read('phi'));
    }
    await session.close();
    return ends;
  };
  const [beside] = await engine.openSideBySide!(network, 1);
  expect(await seen(beside!)).toEqual(await seen(await engine.open(network)));
});
