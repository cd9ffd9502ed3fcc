import type { Batch } from '../../../src/data/batch';
import type { Session } from '../../../src/engine/engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import type { Layer } from '../../../src/network/layer';
import { dense } from '../../../src/network/layers/dense';
import { relu } from '../../../src/network/layers/relu';
import { tanh } from '../../../src/network/layers/tanh';
import { crossEntropy, type Loss, mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';
import { cases } from '../../conformance/cases';
import {
  differencedGradient,
  differencedHessianVector,
  differenceTolerance,
  relativeDifference,
} from './finite-differences';

async function openAt(layers: Layer[], loss: Loss, inputs: number, phi: number[]): Promise<Session> {
  const network = defineNetwork({ input: [inputs], layers, loss, synapse: complexSynapse });
  const session = await referenceEngine.open(network);
  await session.write('phi', phi);
  return session;
}

const oneSample = (x: number[], y: number[]): Batch => ({
  ...{ samples: 1, inputs: x.length, targets: y.length },
  ...{ x: Float64Array.from(x), y: Float64Array.from(y) },
});

describe.each(cases)('central differences confirm, for %s,', (_name, { network, train, phi, directions }) => {
  const open = async (): Promise<Session> => {
    const session = await referenceEngine.open(network);
    await session.write('phi', phi);
    return session;
  };

  it('the gradient', async () => {
    const session = await open();
    const gradient = await session.gradient(train);
    const difference = relativeDifference(await differencedGradient(session, train), gradient);
    expect(difference).toBeLessThan(differenceTolerance);
  });

  it('the Hessian-vector product', async () => {
    const session = await open();
    for (const direction of directions) {
      const product = await session.hessianVector(train, direction);
      const difference = await differencedHessianVector(session, train, direction);
      expect(relativeDifference(difference, product)).toBeLessThan(differenceTolerance);
    }
  });
});

describe('by hand,', () => {
  it('output = 2 * 3 + 1 with target 5 has loss 4, gradient (12, 4) and Hessian (18 6; 6 2)', async () => {
    const session = await openAt([dense(1, 1)], mse, 1, [2, 1]);
    const batch = oneSample([3], [5]);
    expect(await session.evaluate(batch)).toEqual({ loss: 4, outputs: Float64Array.of(7) });
    expect([...(await session.gradient(batch))]).toEqual([12, 4]);
    expect([...(await session.hessianVector(batch, Float64Array.of(1, 0)))]).toEqual([18, 6]);
    expect([...(await session.hessianVector(batch, Float64Array.of(0, 1)))]).toEqual([6, 2]);
  });

  it('mse is the mean over samples and outputs, with no factor 1/2', async () => {
    const session = await openAt([dense(1, 2, { bias: false })], mse, 1, [1, 2]);
    const batch: Batch = {
      ...{ samples: 2, inputs: 1, targets: 2 },
      ...{ x: Float64Array.of(1, 2), y: Float64Array.of(0, 0, 0, 0) },
    };
    // Outputs 1, 2 and 2, 4: (1 + 4 + 4 + 16) / 4.
    expect((await session.evaluate(batch)).loss).toBe(6.25);
    // dL/dw = 2/4 sum of output x: (1 + 4)/2 and (2 + 8)/2.
    expect([...(await session.gradient(batch))]).toEqual([2.5, 5]);
  });

  it('output = v tanh(w x) with target 0 has gradient 2 v^2 a (1 - a^2) x by w, and 2 v a^2 by v', async () => {
    const layers = [dense(1, 1, { bias: false }), tanh(), dense(1, 1, { bias: false })];
    const [w, v, x] = [0.5, 2, 1.5];
    const session = await openAt(layers, mse, 1, [w, v]);
    const a = Math.tanh(w * x);
    const slope = (1 - a * a) * x;
    const [byW, byV] = await session.gradient(oneSample([x], [0]));
    expect(byW).toBeCloseTo(2 * v * v * a * slope, 14);
    expect(byV).toBeCloseTo(2 * v * a * a, 14);
    // d2/dv2 = 2 a^2, d2/dv dw = 4 v a slope.
    const [mixed, pure] = await session.hessianVector(oneSample([x], [0]), Float64Array.of(0, 1));
    expect(mixed).toBeCloseTo(4 * v * a * slope, 14);
    expect(pure).toBeCloseTo(2 * a * a, 14);
  });

  it('logits 0 and ln 3 with class 0 have loss ln 4 and gradient (-3/4, 3/4)', async () => {
    const session = await openAt([dense(1, 2)], crossEntropy, 1, [7, -7, 0, Math.log(3)]);
    const batch = oneSample([0], [0]);
    expect((await session.evaluate(batch)).loss).toBeCloseTo(Math.log(4), 14);
    const gradient = await session.gradient(batch);
    [0, 0, -0.75, 0.75].forEach((entry, i) => {
      expect(gradient[i]).toBeCloseTo(entry, 14);
    });
    // diag(p) - p p^T = 3/16 (1 -1; -1 1) in the biases.
    const product = await session.hessianVector(batch, Float64Array.of(0, 0, 1, 0));
    [0, 0, 3 / 16, -3 / 16].forEach((entry, i) => {
      expect(product[i]).toBeCloseTo(entry, 14);
    });
  });

  it('a relu unit passes nothing at and below 0, neither forward nor back', async () => {
    const session = await openAt([relu(), dense(3, 1, { bias: false })], mse, 3, [1, 1, 1]);
    const batch = oneSample([-2, 0, 3], [0]);
    expect((await session.evaluate(batch)).outputs).toEqual(Float64Array.of(3));
    expect([...(await session.gradient(batch))]).toEqual([0, 0, 18]);
    const gated = await openAt([dense(1, 1, { bias: false }), relu()], mse, 1, [0]);
    expect([...(await gated.gradient(oneSample([1], [-1])))]).toEqual([0]);
    expect([...(await gated.hessianVector(oneSample([1], [-1]), Float64Array.of(1)))]).toEqual([0]);
  });
});
