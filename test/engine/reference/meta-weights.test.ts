import { RandomStream } from '../../../src/core/random';
import type { Batch } from '../../../src/data/batch';
import type { Session } from '../../../src/engine/engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { nesterov } from '../../../src/learning/optimizers';
import type { ParameterRole } from '../../../src/network/layer';
import { dense } from '../../../src/network/layers/dense';
import { modulation } from '../../../src/network/layers/modulation';
import { tanh } from '../../../src/network/layers/tanh';
import { mse } from '../../../src/network/loss';
import { defineNetwork, type Network } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';
import {
  differencedGradient,
  differencedHessianVector,
  differenceTolerance,
  relativeDifference,
} from './finite-differences';

const stream = new RandomStream('meta-weights', 'seed');
const normals = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());
const batchOf = (samples: number): Batch => ({
  ...{ samples, inputs: 3, targets: 2 },
  ...{ x: normals(3 * samples), y: normals(2 * samples) },
});

/** 3-4-4-2, with each dense layer's parameters of the role given. */
const define = (...roles: [ParameterRole, ParameterRole, ParameterRole]): Network =>
  defineNetwork({
    input: [3],
    layers: [
      dense(3, 4, { role: roles[0] }),
      tanh(),
      dense(4, 4, { role: roles[1] }),
      tanh(),
      dense(4, 2, { role: roles[2] }),
    ],
    loss: mse,
    synapse: complexSynapse,
  });

/** Learning by modulation: gains, thresholds and readout are fast, the weights below are meta. */
const modulated = defineNetwork({
  input: [3],
  layers: [dense(3, 4, { bias: false, role: 'meta' }), modulation(4), tanh(), dense(4, 2)],
  loss: mse,
  synapse: complexSynapse,
});

const mixtures: [string, Network][] = [
  ['meta below fast', define('meta', 'meta', 'fast')],
  ['meta between fast', define('fast', 'meta', 'fast')],
  ['meta above fast', define('fast', 'fast', 'meta')],
];

describe.each([...mixtures, ['learning by modulation', modulated] as const])(
  'a network with weights that learn between tasks only, %s:',
  (_name, network) => {
    const [phi, theta] = [normals(network.size), normals(network.meta.size)];
    const open = async (): Promise<Session> => {
      const session = await referenceEngine.open(network);
      await session.write('phi', phi);
      await session.write('theta', theta);
      return session;
    };

    it('the gradients by fast and by meta-parameters are those of central differences', async () => {
      const [session, batch] = [await open(), batchOf(5)];
      const [fast, meta] = [await session.gradient(batch), await session.metaGradient(batch)];
      expect(meta).toHaveLength(network.meta.size);
      const differenced = (variable: string) => differencedGradient(session, batch, variable);
      expect(relativeDifference(await differenced('phi'), fast)).toBeLessThan(differenceTolerance);
      expect(relativeDifference(await differenced('theta'), meta)).toBeLessThan(differenceTolerance);
    });

    it('the Hessian-vector product moves the fast parameters only', async () => {
      const [session, batch, direction] = [await open(), batchOf(5), normals(network.size)];
      const product = await session.hessianVector(batch, direction);
      const difference = await differencedHessianVector(session, batch, direction);
      expect(relativeDifference(difference, product)).toBeLessThan(differenceTolerance);
    });

    it('settling leaves the meta-parameters as they are', async () => {
      const session = await open();
      const phase = { beta: 0.5, steps: 20, stepsTaken: 0, tolerance: 0 };
      const data = { train: batchOf(5), replay: batchOf(4) };
      await session.settle({ inner: nesterov({ rate: 0.01 }), ...phase, ...data });
      expect(await session.read('theta')).toEqual(theta);
      expect(await session.read('phi')).not.toEqual(phi);
    });
  },
);

describe.each(mixtures)('a network of two roles, %s:', (_name, network) => {
  const [phi, theta] = [normals(network.size), normals(network.meta.size)];

  it('is the same network as with one role', async () => {
    const same = define('fast', 'fast', 'fast');
    const merged = new Float64Array(same.size);
    const place = (mixed: Network['blocks'], values: Float64Array, into: Float64Array): void => {
      for (const { layer, spec, offset, size } of mixed) {
        const target = same.blocks.find((b) => b.layer === layer && b.spec.name === spec.name)!;
        into.set(values.subarray(offset, offset + size), target.offset);
      }
    };
    place(network.blocks, phi, merged);
    place(network.meta.blocks, theta, merged);
    const [session, whole] = [await referenceEngine.open(network), await referenceEngine.open(same)];
    const batch = batchOf(5);
    await session.write('phi', phi);
    await session.write('theta', theta);
    await whole.write('phi', merged);
    const gradient = new Float64Array(same.size);
    place(network.blocks, await session.gradient(batch), gradient);
    place(network.meta.blocks, await session.metaGradient(batch), gradient);
    expect(gradient).toEqual(await whole.gradient(batch));
  });
});

describe('the reference session', () => {
  it('keeps batches of one size apart', async () => {
    const network = define('fast', 'fast', 'fast');
    const phi = normals(network.size);
    const [first, second] = [batchOf(6), batchOf(6)];
    const alone = async (batch: Batch) => {
      const session = await referenceEngine.open(network);
      await session.write('phi', phi);
      return session.gradient(batch);
    };
    const session = await referenceEngine.open(network);
    await session.write('phi', phi);
    for (const batch of [first, second, first]) {
      expect(await session.gradient(batch)).toEqual(await alone(batch));
    }
  });

  it('refuses meta-parameters of the wrong length', async () => {
    const session = await referenceEngine.open(define('meta', 'fast', 'fast'));
    await expect(session.write('theta', new Float64Array(3))).rejects.toThrow(/theta.*Got 3\. Legal: 16/);
  });
});
