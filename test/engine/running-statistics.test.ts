import { InputError } from '../../src/core/errors';
import type { Batch } from '../../src/data/batch';
import { CountedSession } from '../../src/engine/counted-session';
import type { Engine, Session } from '../../src/engine/engine';
import { checkBatchStatistics, type EvaluateOptions } from '../../src/engine/evaluate-options';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { OpenedSessions } from '../../src/engine/opened-sessions';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { sgd } from '../../src/learning/optimizers';
import type { Layer } from '../../src/network/layer';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { averagePool } from '../../src/network/layers/pool';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { runningLayout, runningStatistics } from '../../src/network/running-statistics';
import { complexSynapse } from '../../src/synapse/model';

const network = (input: number[], ...layers: Layer[]) =>
  defineNetwork({ input, layers, loss: mse, synapse: complexSynapse });
const batch = (x: number[], samples: number, y = Array<number>(samples).fill(0)): Batch => ({
  ...{ samples, inputs: x.length / samples, targets: y.length / samples },
  x: Float64Array.from(x),
  y: Float64Array.from(y),
});

/** Batch norm of two units, whose inputs are the data themselves: their statistics do not depend on what is learned. */
const units = network([2], batchNorm(2), dense(2, 1));
/** Unit 0 has mean 2 and unbiased variance 1, unit 1 has mean 20 and unbiased variance 400. */
const train = batch([1, 0, 2, 20, 3, 40], 3);
/** Means 5 and -1, unbiased variances 50 and 2. */
const replay = batch([0, 0, 10, -2], 2);

const settle = (session: Session, steps: number, more: object = {}) =>
  session.settle({
    ...{ inner: sgd({ rate: 1e-3 }), beta: 0, steps, stepsTaken: 0, train, replay: null, tolerance: 0 },
    ...more,
  });
const statistics = async (session: Session) => [...(await session.read(runningStatistics))];

/** Engines, and to how many digits behind the point their numbers are right: those of float32 are some tens here. */
const engines: readonly [string, Engine, digits: number][] = [
  ['reference', referenceEngine, 12],
  ['simd', simdEngine({ blas: 'wasm' }), 4],
];

describe.each(engines)('on the engine %s:', (_, engine, digits) => {
  const closeTo = (values: readonly number[]) => values.map((value) => expect.closeTo(value, digits));

  let session: Session;
  beforeEach(async () => {
    session = await engine.open(units);
    await session.write('phi', [2, 1, 0.5, 0, 1, 1, 0]); // gains, thresholds, weights, bias
  });
  afterEach(() => session.close());

  describe('running statistics of batch norm', () => {
    test('begin with means of 0 and variances of 1', async () => {
      expect(await statistics(session)).toEqual([0, 0, 1, 1]);
    });

    test('take a tenth of the mean and of the unbiased variance of what each step learns from', async () => {
      await settle(session, 1);
      expect(await statistics(session)).toEqual(closeTo([0.2, 2, 0.9 + 0.1, 0.9 + 40]));
      await settle(session, 1, { stepsTaken: 1 });
      expect(await statistics(session)).toEqual(closeTo([0.38, 3.8, 1, 0.9 * 40.9 + 40]));
    });

    test('in a nudged phase take the training data first, then the replayed data', async () => {
      await settle(session, 1, { beta: 0.5, replay });
      expect(await statistics(session)).toEqual(
        closeTo([0.9 * 0.2 + 0.5, 0.9 * 2 - 0.1, 0.9 * 1 + 5, 0.9 * 40.9 + 0.2]),
      );
    });

    test('count steps: not the gradient that only tells the residual, and the same in chunks as in one piece', async () => {
      await settle(session, 0);
      expect(await statistics(session)).toEqual([0, 0, 1, 1]);
      for (const stepsTaken of [0, 1, 2]) {
        await settle(session, 1, { stepsTaken });
        await session.evaluate(replay);
      }
      const other = await engine.open(units);
      await other.write('phi', [2, 1, 0.5, 0, 1, 1, 0]);
      await settle(other, 3);
      expect(await statistics(other)).toEqual(await statistics(session));
      expect(await other.read('phi')).toEqual(await session.read('phi'));
      await other.close();
    });

    test('are the same where no residual is worked out at the end', async () => {
      await settle(session, 2);
      const other = await engine.open(units);
      await other.write('phi', [2, 1, 0.5, 0, 1, 1, 0]);
      for (const stepsTaken of [0, 1]) await settle(other, 1, { stepsTaken, residualAtEnd: false });
      expect(await statistics(other)).toEqual(await statistics(session));
      for (const asked of [session, other]) await settle(asked, 1, { stepsTaken: 2 });
      expect(await statistics(other)).toEqual(await statistics(session));
      await other.close();
    });

    test('are changed by no question: evaluate, gradient, Hessian-vector product', async () => {
      await settle(session, 1);
      const before = await statistics(session);
      await session.evaluate(replay);
      await session.evaluate(replay, { statistics: 'running' });
      await session.gradient(replay);
      await session.hessianVector(replay, new Float64Array(units.size).fill(1));
      expect(await statistics(session)).toEqual(before);
      await settle(session, 1, { stepsTaken: 1 });
      expect(await statistics(session)).toEqual(closeTo([0.38, 3.8, 1, 0.9 * 40.9 + 40]));
    });

    test('are over samples, rows and columns of a channel, and keep the variance where a feature is one number', async () => {
      const images = network([2, 1, 2], batchNorm(2), averagePool(1), flatten(), dense(4, 1));
      const image = await engine.open(images);
      await settle(image, 1, { train: batch([1, 3, 10, 10, 5, 7, 10, 30], 2) });
      expect(await statistics(image)).toEqual(closeTo([0.4, 1.5, 0.9 + 20 / 3 / 10, 0.9 + 10]));
      await image.close();
      await settle(session, 1, { train: batch([4, 5], 1) });
      expect(await statistics(session)).toEqual(closeTo([0.4, 0.5, 1, 1]));
    });

    test('of several layers lie one behind the other, means before variances', async () => {
      const two = network([2], batchNorm(2), dense(2, 3), batchNorm(3), dense(3, 1));
      expect(runningLayout(two)).toEqual({
        size: 10,
        layers: [
          { layer: 0, features: 2, mean: 0, variance: 2 },
          { layer: 2, features: 3, mean: 4, variance: 7 },
        ],
      });
      const other = await engine.open(two);
      expect(await statistics(other)).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 1, 1]);
      await other.close();
    });

    test('can be written, as whoever goes on from a saved state does', async () => {
      await session.write(runningStatistics, [1, 2, 3, 4]);
      expect(await statistics(session)).toEqual([1, 2, 3, 4]);
      await expect(session.write(runningStatistics, [1, 2])).rejects.toThrow(InputError);
    });
  });

  describe('evaluate', () => {
    test('by running statistics gives each sample the same output whatever is beside it', async () => {
      await session.write(runningStatistics, [1, -1, 4, 9]);
      const running = async (x: number[], samples: number) =>
        (await session.evaluate(batch(x, samples), { statistics: 'running' })).outputs;
      const output = ([a, b]: [number, number]) =>
        (2 * (a - 1)) / Math.sqrt(4 + 1e-5) + 0.5 + (b + 1) / Math.sqrt(9 + 1e-5);
      expect([...(await running([3, 2, -5, 8], 2))]).toEqual(closeTo([output([3, 2]), output([-5, 8])]));
      expect([...(await running([3, 2], 1))]).toEqual(closeTo([output([3, 2])]));
      const { loss } = await session.evaluate(batch([3, 2], 1, [1]), { statistics: 'running' });
      expect(loss).toBeCloseTo((output([3, 2]) - 1) ** 2, digits);
    });

    test('by the batch’s own is the default, also behind an evaluation by running ones', async () => {
      const plain = await session.evaluate(train);
      await session.evaluate(train, { statistics: 'running' });
      expect(await session.evaluate(train, { statistics: 'batch' })).toEqual(plain);
      expect(await session.evaluate(train, {})).toEqual(plain);
      expect([...plain.outputs][1]).toBeCloseTo(0.5, digits);
    });

    test('goes through every session that stands before another one', async () => {
      const opened = new OpenedSessions(engine, 'The test');
      const wrapped = new CountedSession(await opened.engine.open(units));
      await wrapped.write('phi', [2, 1, 0.5, 0, 1, 1, 0]);
      const [own, beside] = [wrapped, session].map((one) => one.evaluate(train, { statistics: 'running' }));
      expect(await own).toEqual(await beside);
      await opened.close();
    });

    test.each<[unknown, RegExp]>([
      [
        { statistics: 'moving' },
        /statistics in the options of evaluate\(\) is not legal.*Got "moving".*Legal: batch, running/,
      ],
      [{ statistic: 'running' }, /statistic/],
      ['running', /options of evaluate/],
    ])('refuses %j', async (options, message) => {
      await expect(session.evaluate(train, options as never)).rejects.toThrow(InputError);
      await expect(session.evaluate(train, options as never)).rejects.toThrow(message);
    });
  });
});

describe('evaluate', () => {
  test.each([referenceEngine, simdEngine(), gpujsEngine({ mode: 'cpu' })])(
    'of a network without batch norm is the same by either: %#',
    async (engine) => {
      const plain = await engine.open(network([2], dense(2, 1)));
      await plain.write('phi', [1, 2, 3]);
      expect(await plain.evaluate(train, { statistics: 'running' })).toEqual(await plain.evaluate(train));
      await expect(plain.evaluate(train, { statistics: 'moving' as never })).rejects.toThrow(InputError);
      await plain.close();
    },
  );

  test('on engines that keep no running statistics is refused by name, where batch norm would need them', () => {
    for (const engine of ['gpujs']) {
      const ask =
        (options?: EvaluateOptions, of = units) =>
        () =>
          checkBatchStatistics(engine, of, options);
      expect(ask({ statistics: 'running' })).toThrow(InputError);
      expect(ask({ statistics: 'running' })).toThrow(
        /The engine gpujs keeps no running statistics of batch norm.*Legal: batch/,
      );
      for (const legal of [
        ask(),
        ask({ statistics: 'batch' }),
        ask({ statistics: 'running' }, network([2], dense(2, 1))),
      ])
        expect(legal).not.toThrow();
    }
  });
});
