import { RandomStream } from '../../../../src/core/random';
import type { Batch } from '../../../../src/data/batch';
import type { Session } from '../../../../src/engine/engine';
import { simdEngine } from '../../../../src/engine/simd/simd-engine';
import { nesterov } from '../../../../src/learning/optimizers';
import { dualPropagation } from '../../../../src/network/credit/dual';
import { equilibriumPropagation } from '../../../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../../../src/network/credit/random-feedback';
import { mlp } from '../../../../src/network/mlp';
import { initialParameters, type Network, withCredit } from '../../../../src/network/network';
import { complexSynapse } from '../../../../src/synapse/model';

const engine = simdEngine({ blas: 'wasm' });
const stream = new RandomStream('bits', 'seed');
const normals = (length: number) => Float64Array.from({ length }, () => stream.normal());
const batch = (samples: number): Batch => ({
  ...{ samples, inputs: 90, targets: 3, x: normals(90 * samples), y: normals(3 * samples) },
});
// 150 samples are cut into two parts of a width that is no multiple of four; 30 are not.
const [large, small] = [batch(150), batch(30)];
const credits = [
  equilibriumPropagation({ sweeps: 5 }),
  equilibriumPropagation({ sweeps: 5, order: 'synchronous', dt: 0.1 }),
  dualPropagation(),
  feedbackAlignment(),
  directFeedback(),
];
const networkOf = (credit: (typeof credits)[number]): Network =>
  withCredit(mlp([90, 90, 37, 3], { synapse: complexSynapse }), credit);

async function seen(session: Session, network: Network, chunks: readonly number[]): Promise<Float64Array[]> {
  await session.write('phi', initialParameters(network, new RandomStream('start', 'seed')).fast);
  await session.write('lambda', new Float64Array(network.size).fill(0.01));
  const given = { inner: nesterov({ rate: 0.05 }), tolerance: 0, beta: -0.3 };
  const ends: number[] = [];
  for (const [train, replay] of [
    [large, small],
    [small, large],
  ] as const) {
    let stepsTaken = 0;
    for (const steps of chunks) {
      ends.push((await session.settle({ ...given, train, replay, steps, stepsTaken })).residual);
      stepsTaken += steps;
    }
  }
  const { residual } = await session.relax!(small);
  const values = [await session.read('phi'), await session.read('momentum')];
  const derivatives = [await session.gradient(large), await session.hessianVector(small, values[1]!)];
  await session.close();
  return [...values, ...derivatives, Float64Array.of(ends.at(-1)!, residual)];
}

describe.each(credits)('learning by $kind', (credit) => {
  const network = networkOf(credit);

  it('gives the same bits in one thread, in one of its own, and spread over several', async () => {
    const here = await seen(await engine.open(network), network, [6]);
    for (const helpers of [0, 1, 3]) {
      const [session] = await engine.openSideBySide!(network, 1, { helpers });
      expect(await seen(session!, network, [6])).toEqual(here);
    }
  });

  it('gives the same bits in chunks and in one piece', async () => {
    const whole = await seen(await engine.open(network), network, [6]);
    expect(await seen(await engine.open(network), network, [1, 3, 2])).toEqual(whole);
  });

  it('leaves the state as it was where somebody looks at its neurons or its curvature', async () => {
    const session = await engine.open(network);
    const phi = initialParameters(network, new RandomStream('start', 'seed')).fast.map(Math.fround);
    await session.write('phi', phi);
    await session.relax!(small, { every: 2 });
    await session.hessianVector(large, phi);
    await session.evaluate(small);
    expect(await session.read('phi')).toEqual(phi);
    await session.close();
  });
});
