import { drawLabels } from '../../../scenarios/permuted-mnist/draw-labels';
import { methodsNamed } from '../../../scenarios/permuted-mnist/methods/all-methods';
import { contrastive } from '../../../scenarios/permuted-mnist/methods/contrastive';
import { ewc } from '../../../scenarios/permuted-mnist/methods/ewc';
import { mesu } from '../../../scenarios/permuted-mnist/methods/mesu';
import { si } from '../../../scenarios/permuted-mnist/methods/si';
import { RandomStreams } from '../../../src/core/random';
import { atWork } from './small-images';

/** Outputs and probabilities of a network without hidden layers, by hand. */
function tellApart(weights: Float64Array, x: Float64Array): number[] {
  const outputs = Array.from({ length: 10 }, (_, k) =>
    x.reduce((sum, value, i) => sum + value * weights[784 * k + i]!, weights[7840 + k]!),
  );
  const powers = outputs.map((value) => Math.exp(value));
  const all = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / all);
}

test('EWC: importance is the strength times the mean of squared slopes of the log-likelihood, by hand', async () => {
  const { network, learning, learnChunk, tasks } = atWork(ewc, {
    ewc: { rate: 0.1, strength: 7, images: 8 },
  });
  try {
    await learnChunk(0, 0);
    await learning.endTask!(0);
    const { phi, omega, importance } = network.values as Record<string, Float64Array>;
    expect(omega).toEqual(phi);
    const drawn = tasks.some(0, 8, 'Fisher images of task 0');
    const images = Array.from({ length: 8 }, (_, i) => drawn.x.subarray(784 * i, 784 * (i + 1)));
    const told = images.map((x) => tellApart(phi!, x));
    const logits = Float64Array.from(told.flat(), Math.log);
    const labels = drawLabels(logits, 8, new RandomStreams(1).stream('Fisher labels of task 0'));
    for (const synapse of [5, 784 * 3 + 400, 784 * 9 + 783, 7840 + 4]) {
      const k = synapse < 7840 ? Math.floor(synapse / 784) : synapse - 7840;
      const squares = images.map((x, i) => {
        const slope = told[i]![k]! - (labels[i] === k ? 1 : 0);
        return (slope * (synapse < 7840 ? x[synapse % 784]! : 1)) ** 2;
      });
      const expected = (7 * squares.reduce((a, b) => a + b)) / 8;
      expect(importance![synapse]! - expected).toBeCloseTo(0, 12);
    }
  } finally {
    await network.close();
  }
});

test('classes are drawn as often as the outputs say', () => {
  const outputs = Float64Array.from({ length: 3000 }, (_, i) => Math.log([1, 2, 7][i % 3]!) + 5);
  const labels = drawLabels(outputs, 1000, new RandomStreams(1).stream('labels'));
  const shares = [0, 1, 2].map((k) => labels.filter((label) => label === k).length / 1000);
  for (const [k, share] of [0.1, 0.2, 0.7].entries()) expect(Math.abs(shares[k]! - share)).toBeLessThan(0.05);
});

test('SI: paths of all synapses together are the fall of the loss, where steps are small', async () => {
  const { network, learnChunk, tasks } = atWork(si, { si: { rate: 1e-4 }, minibatch: 60, chunk: 1 });
  try {
    const session = await network.session();
    const batch = tasks.minibatch(0, 0, false);
    const before = (await session.evaluate(batch)).loss;
    await learnChunk(0, 0);
    const after = (await session.evaluate(batch)).loss;
    const path = network.values.path!.reduce((a, b) => a + b);
    expect(path / (before - after)).toBeCloseTo(1, 2);
    expect(before).toBeGreaterThan(after);
  } finally {
    await network.close();
  }
});

test('the complex synapse: lambda is 0 in a first task, and grows where replayed images draw phi back to omega', async () => {
  const { network, learning, learnChunk } = atWork(contrastive, {
    contrastive: { rate: 0.05, beta: 1e-3, steps: 1, metaRate: 1, omegaRate: 0 },
  });
  try {
    await learnChunk(0, 0);
    expect(network.values.lambda!.every((value) => value === 0)).toBe(true);
    await learning.endTask!(0);
    const omega = network.values.omega!.slice();
    expect(omega).toEqual(network.values.phi);
    await learnChunk(1, 0);
    const { lambda, phi } = network.values as Record<string, Float64Array>;
    expect(network.values.omega).toEqual(omega);
    expect(lambda!.some((value) => value > 0)).toBe(true);
    expect(lambda!.every((value) => value >= 0)).toBe(true);
    // Where phi has not left omega, there is nothing to hold.
    for (const [i, value] of lambda!.entries()) if (phi![i] === omega[i]) expect(value).toBeLessThan(1e-12);
  } finally {
    await network.close();
  }
});

test('the complex synapse: omega learns by the same contrast, where it has a rate', async () => {
  const given = { rate: 0.05, beta: 1e-3, steps: 1, metaRate: 1 };
  const ends = [0, 0.5, 1].map(async (omegaRate) => {
    const { network, learning, learnChunk } = atWork(contrastive, { contrastive: { ...given, omegaRate } });
    try {
      await learnChunk(0, 0);
      await learning.endTask!(0);
      network.set(
        'lambda',
        network.values.lambda!.map(() => 0.5),
      );
      await learnChunk(1, 0);
      return { ...network.values, omega: network.values.omega!.slice() };
    } finally {
      await network.close();
    }
  });
  const [none, half, whole] = await Promise.all(ends);
  let moved = 0;
  for (const [i, omega] of none!.omega!.entries()) {
    const change = whole!.omega[i]! - omega;
    expect(2 * (half!.omega[i]! - omega)).toBeCloseTo(change, 12);
    if (change !== 0) moved++;
  }
  expect(moved).toBeGreaterThan(1000);
});

test('MESU: synapses that every image uses become certain', async () => {
  const { network, learnChunk } = atWork(mesu, {
    mesu: { sigma: 0.05, priorSigma: 0.05, memory: 1e9, counts: 50 },
  });
  try {
    for (let chunk = 0; chunk < 3; chunk++) await learnChunk(0, chunk);
    const { sigma } = network.values as Record<string, Float64Array>;
    expect(sigma!.every((value) => value > 0)).toBe(true);
    // Biases are used by every image.
    const biases = sigma!.subarray(7840);
    expect(biases.reduce((a, b) => a + b) / 10).toBeLessThan(0.04);
  } finally {
    await network.close();
  }
});

test('methods are named by their words', () => {
  expect(methodsNamed('mesu, sgd').map(({ name }) => name)).toEqual(['sgd', 'mesu']);
  expect(methodsNamed('all')).toHaveLength(6);
  expect(() => methodsNamed('ews')).toThrow(/no such method.*Did you mean "ewc"/s);
  expect(() => methodsNamed('si,si')).toThrow(/named twice/);
});
