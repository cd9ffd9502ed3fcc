import type { Batch } from '../data/batch';
import type { EpisodeData } from '../data/episode-source';
import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';
import type { Network } from '../network/network';

/**
 * The nearest training sample by its inputs alone, in Euclidean distance: what a network must do better than. Nothing is learned, inside tasks or
 * between them. Its output for a class is -d^2 / (mean of d^2 over classes), d the distance to the nearest training sample of that class, so
 * that the largest output is the nearest sample's class; for other targets the output is the nearest sample's target.
 */
export function nearestNeighbour(): MetaLearner {
  return {
    name: 'nearest',
    adaptation: sgd({ rate: 1 }), // which nothing is learned by
    regularised: true,
    learns: [],
    answer: nearestAnswer,
    async learn({ network, episode }) {
      return { metaGradient: {}, heldOutLoss: (await nearestAnswer(network, episode)).loss };
    },
  };
}

async function nearestAnswer(network: Network, { train, heldOut }: EpisodeData) {
  const { loss, outputShape } = network;
  const outputs =
    loss.targets === 'classes' ? byClass(train, heldOut, outputShape[0]!) : byTarget(train, heldOut);
  const { lossArithmetic } = await import('../engine/reference/loss-table');
  return { loss: lossArithmetic(loss).forward(outputs, heldOut.y, heldOut.samples, null), outputs };
}

function byClass(train: Batch, heldOut: Batch, classes: number): Float64Array {
  const outputs = new Float64Array(heldOut.samples * classes);
  for (let s = 0; s < heldOut.samples; s++) {
    const nearest = outputs.subarray(s * classes, (s + 1) * classes).fill(Infinity);
    for (let t = 0; t < train.samples; t++) {
      const label = train.y[t]!;
      nearest[label] = Math.min(nearest[label]!, squaredDistance(train, t, heldOut, s));
    }
    const known = nearest.filter((distance) => distance < Infinity);
    const mean = known.reduce((sum, distance) => sum + distance, 0) / known.length;
    for (let k = 0; k < classes; k++) nearest[k] = nearest[k] === 0 ? 0 : -nearest[k]! / mean;
  }
  return outputs;
}

function byTarget(train: Batch, heldOut: Batch): Float64Array {
  const { targets } = train;
  const outputs = new Float64Array(heldOut.samples * targets);
  for (let s = 0; s < heldOut.samples; s++) {
    let [nearest, least] = [0, Infinity];
    for (let t = 0; t < train.samples; t++) {
      const distance = squaredDistance(train, t, heldOut, s);
      if (distance < least) [nearest, least] = [t, distance];
    }
    outputs.set(train.y.subarray(nearest * targets, (nearest + 1) * targets), s * targets);
  }
  return outputs;
}

function squaredDistance(a: Batch, sampleOfA: number, b: Batch, sampleOfB: number): number {
  const [fromA, fromB] = [sampleOfA * a.inputs, sampleOfB * b.inputs];
  let sum = 0;
  for (let i = 0; i < a.inputs; i++) sum += (a.x[fromA + i]! - b.x[fromB + i]!) ** 2;
  return sum;
}
