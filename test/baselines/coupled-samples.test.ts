import { anil } from '../../src/baselines/anil';
import { relativeError } from '../../src/baselines/implicit';
import { joint } from '../../src/baselines/joint';
import { maml } from '../../src/baselines/maml';
import { type ReptileOptions, reptile } from '../../src/baselines/reptile';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { type Batch, concatBatches, selectSamples } from '../../src/data/batch';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import type { EpisodeContext, MetaLearner } from '../../src/learning/meta-learner';
import { adam, nesterov, type Optimizer, sgd } from '../../src/learning/optimizers';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { defineSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { Population } from '../../src/synapse/population';
import type { Minibatch } from '../../src/tasks/task';

/*
 * Methods on networks whose layers couple the samples of a batch. The names of the synapses' variables are those that derived optimisers would
 * take for themselves.
 */
const synapse = defineSynapse({
  fast: 'weight',
  meta: { moves: {}, strength: { nonNegative: true } },
  anchor: 'moves',
  penalty: 'strength * (weight - moves)^2 / 2',
});
const network = defineNetwork({
  input: [1, 4, 4],
  layers: [
    ...[conv2d(1, 2, { kernel: 2 }), batchNorm(2), tanh(), flatten()],
    ...[dense(18, 3), batchNorm(3), tanh(), dense(3, 2)],
  ],
  loss: crossEntropy,
  synapse,
});
const stream = new RandomStream('coupled', 'seed');
const batch = (samples: number): Batch => ({
  ...{ samples, inputs: 16, targets: 1 },
  x: Float64Array.from({ length: 16 * samples }, () => stream.normal()),
  y: Float64Array.from({ length: samples }, (_, i) => i % 2),
});
const [train, heldOut] = [batch(4), batch(6)];
const start: Float64Array = Float64Array.from({ length: network.size }, () => 0.6 * stream.normal());
const strength = new Float64Array(network.size).fill(0.7);

async function context(
  engine: Engine = referenceEngine,
  from = start,
  minibatch?: (step: number) => Minibatch,
): Promise<EpisodeContext> {
  const session = await engine.open(network);
  const slow = { moves: from, strength };
  for (const [name, values] of Object.entries(slow)) await session.write(name, values);
  const population = new Population(synapse, network.topology);
  const task = {
    name: 'coupled',
    index: 3,
    train,
    heldOut,
    ...(minibatch === undefined ? {} : { minibatch }),
  };
  return { network, session, population, slow, start: from, episode: task };
}

const learned = async (method: MetaLearner, ...given: Parameters<typeof context>) =>
  method.learn(await context(...given));
const gradientOf =
  async (...given: Parameters<typeof context>) =>
  (method: MetaLearner) =>
    learned(method, ...given).then(({ metaGradient }) => metaGradient.moves!);

/** The mean over all samples, 4 and 6, each set with statistics of its own. */
async function meanGradient(at: Float64Array, sets: Minibatch = { train, heldOut }): Promise<Float64Array> {
  const { session } = await context();
  await session.write('weight', at);
  const [first, second] = [await session.gradient(sets.train), await session.gradient(sets.heldOut)];
  const [n, m] = [sets.train.samples, sets.heldOut.samples];
  return first.map((slope, i) => (n * slope + m * second[i]!) / (n + m));
}

/** phi after some steps by an optimiser on these gradients, by the plain executor. */
async function stepped(
  optimizer: Optimizer,
  steps: number,
  gradientAt: (phi: Float64Array, step: number) => Promise<Float64Array>,
): Promise<Float64Array> {
  const value = start.slice();
  const buffers = Object.fromEntries(optimizer.buffers.map((name) => [name, new Float64Array(value.length)]));
  for (let step = 0; step < steps; step++) {
    const quantities = { value, gradient: await gradientAt(value, step), ...buffers };
    plainExecutor().run(optimizer.rule, quantities, optimizer.scalarsAt(step + 1));
  }
  return value;
}

const wayTo = (end: Float64Array): Float64Array => start.map((value, i) => value - end[i]!);

describe('on a network with batch norm', () => {
  it('a joint model follows the mean gradient of all samples, each set with its own statistics', async () => {
    const { metaGradient } = await learned(joint({ rate: 0.1 }));
    expect(relativeError(metaGradient.moves!, await meanGradient(start))).toBeLessThan(1e-14);
  });

  it.each<[string, Optimizer]>([
    ['gradient descent', sgd({ rate: 0.1 })],
    ['Nesterov', nesterov({ rate: 0.05 })],
    // As published for characters; its steps do not grow with the gradient, so that no rate makes up for a weight.
    ['Adam', adam({ rate: 0.01, beta1: 0, epsilon: 0.1 })],
  ])('Reptile goes by %s along that mean gradient', async (_, optimizer) => {
    const end = await stepped(optimizer, 4, (phi) => meanGradient(phi));
    const options = { optimizer, steps: 4, gradient: 'whole' } as const;
    const own = await (await gradientOf())(reptile(options));
    expect(relativeError(own, wayTo(end))).toBeLessThan(1e-13);
    const inFloat32 = await (await gradientOf(simdEngine({ blas: 'wasm' })))(reptile(options));
    expect(relativeError(inFloat32, wayTo(end))).toBeLessThan(1e-5);
  });

  it('Reptile goes along that of minibatches, where a task has them, whatever their sizes', async () => {
    const minibatch = (step: number): Minibatch => ({
      train: selectSamples(train, step % 2 === 0 ? [0, 1] : [2, 3, 1]),
      heldOut: selectSamples(heldOut, step % 2 === 0 ? [0, 1, 2, 3, 4] : [4, 5]),
    });
    const optimizer = sgd({ rate: 0.1 });
    const end = await stepped(optimizer, 3, (phi, step) => meanGradient(phi, minibatch(step)));
    const method = reptile({ optimizer, steps: 3, gradient: 'whole' });
    const own = (await learned(method, referenceEngine, start, minibatch)).metaGradient.moves!;
    expect(relativeError(own, wayTo(end))).toBeLessThan(1e-13);
  });

  it('Reptile with a batch learns from as many samples a step, each once before any comes again', async () => {
    const seen: number[][] = [];
    const all = concatBatches(train, heldOut);
    const rows = Array.from({ length: 10 }, (_, s) => all.x[16 * s]!);
    const given = await context();
    const settle = given.session.settle.bind(given.session);
    given.session.settle = async (request) => {
      const { train: used, replay } = request;
      expect(replay).toBeNull();
      seen.push(Array.from({ length: used.samples }, (_, s) => rows.indexOf(used.x[16 * s]!)));
      return settle(request);
    };
    await reptile({ rate: 0.1, steps: 5, batch: 4 }).learn(given);
    expect(seen.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4]);
    const counts = (numbers: number[]) => rows.map((_, i) => numbers.filter((number) => number === i).length);
    expect(Math.max(...counts(seen.slice(0, 2).flat()))).toBe(1);
    expect(counts(seen.flat())).toEqual(rows.map(() => 2));
    const again = await learned(reptile({ rate: 0.1, steps: 5, batch: 4 }));
    expect(await learned(reptile({ rate: 0.1, steps: 5, batch: 4 }))).toEqual(again);
  });

  it('Reptile learns from the training set alone where it is to', async () => {
    const optimizer = sgd({ rate: 0.1 });
    const { session } = await context();
    const end = await stepped(optimizer, 3, async (phi) => {
      await session.write('weight', phi);
      return session.gradient(train);
    });
    const options: ReptileOptions = { rate: 0.1, steps: 3, samples: 'training' };
    const gradient = await gradientOf();
    expect(
      relativeError(await gradient(reptile({ ...options, gradient: 'whole' })), wayTo(end)),
    ).toBeLessThan(1e-13);
    const mean = wayTo(end).map((way) => way / 0.3);
    expect(relativeError(await gradient(reptile(options)), mean)).toBeLessThan(1e-13);
  });

  it.each<[string, unknown, RegExp]>([
    ['neither a rate nor an optimiser', { steps: 1 }, /neither a rate nor an optimiser/],
    ['both', { steps: 1, rate: 0.1, optimizer: sgd({ rate: 0.1 }) }, /both a rate and an optimiser/],
    [
      'an optimiser without a rate, to divide by',
      { steps: 1, optimizer: { ...sgd({ rate: 1 }), settings: {} } },
      /no rate.*gradient: "whole"/,
    ],
  ])('Reptile with %s is refused', (_, options, message) => {
    expect(() => reptile(options as ReptileOptions)).toThrow(InputError);
    expect(() => reptile(options as ReptileOptions)).toThrow(message);
  });
});

describe('ANIL', () => {
  const options = { network, rate: 0.3, steps: 3 };
  const [head] = network.blocks.filter(({ layer }) => layer === 7);

  it('moves the last layer that has parameters, and nothing else, in learning as in being judged', async () => {
    const method = anil(options);
    const given = await context();
    await method.learn({ ...given, episode: { ...given.episode } });
    const { buffers, first = {} } = method.adaptation;
    expect(buffers).toHaveLength(1);
    const moving = first[buffers[0]!]!;
    expect([...moving]).toEqual(Array.from({ length: network.size }, (_, i) => (i >= head!.offset ? 1 : 0)));
    const firstOrder = anil({ ...options, firstOrder: true });
    await firstOrder.learn(given);
    const phi = await given.session.read('weight');
    phi.forEach((value, i) => {
      if (moving[i] === 0) expect(value).toBe(start[i]);
      else expect(value).not.toBe(start[i]);
    });
  });

  it('is the gradient of the unrolled held-out loss', async () => {
    const { metaGradient } = await learned(anil(options));
    const h = 1e-5; // error of the central difference about h^2, rounding 1e-16 / h
    const differences = new Float64Array(network.size);
    for (let i = 0; i < network.size; i++) {
      for (const sign of [1, -1]) {
        const moved = start.slice();
        moved[i]! += sign * h;
        differences[i]! +=
          (sign * (await learned(anil(options), referenceEngine, moved)).heldOutLoss) / (2 * h);
      }
    }
    expect(relativeError(metaGradient.moves!, differences)).toBeLessThan(1e-7);
    const inFloat32 = await learned(anil(options), simdEngine({ blas: 'wasm' }));
    expect(relativeError(inFloat32.metaGradient.moves!, metaGradient.moves!)).toBeLessThan(1e-5);
  });

  it('whose head is the whole network is MAML', async () => {
    const whole = await learned(anil({ ...options, headLayers: 5 }));
    expect(whole).toEqual(await learned(maml({ rate: 0.3, steps: 3 })));
  });

  it('of first order is the held-out gradient after the inner steps', async () => {
    const given = await context();
    const { metaGradient } = await anil({ ...options, firstOrder: true }).learn(given);
    expect(metaGradient.moves).toEqual(await given.session.gradient(heldOut));
  });

  it('is refused where the network has not so many layers, with how many there are', () => {
    expect(() => anil({ ...options, headLayers: 6 })).toThrow(/not so many layers.*Got 6\. Legal: 1 to 5/);
  });
});

it('MAML through minibatches is the gradient of the unrolled held-out loss', async () => {
  const minibatch = (step: number): Minibatch => ({
    train: selectSamples(train, [step % 4, (step + 1) % 4, 3]),
    heldOut,
  });
  const method = maml({ rate: 0.3, steps: 3 });
  const lossAt = async (from: Float64Array) =>
    (await learned(method, referenceEngine, from, minibatch)).heldOutLoss;
  const { metaGradient } = await learned(method, referenceEngine, start, minibatch);
  const direction = start.map(() => stream.normal());
  const moved = (by: number) => lossAt(start.map((value, i) => value + by * direction[i]!));
  const along = metaGradient.moves!.reduce((sum, slope, i) => sum + slope * direction[i]!, 0);
  const [h, scale] = [1e-5, Math.hypot(...metaGradient.moves!) * Math.hypot(...direction)];
  expect(Math.abs(((await moved(h)) - (await moved(-h))) / (2 * h) - along)).toBeLessThan(1e-8 * scale);
});
