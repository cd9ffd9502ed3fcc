import { RandomStreams } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import { dense } from '../../src/network/layers/dense';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, type Loss, mse } from '../../src/network/loss';
import { defineNetwork, initialParameters, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';

/** A network of dense layers with these widths and what stands before each of them, and a batch for it. */
export interface ChainProblem {
  readonly network: Network;
  readonly phi: Float64Array;
  readonly batch: Batch;
  readonly other: Batch;
}

interface ChainDescription {
  readonly widths: readonly number[];
  readonly before: readonly ('none' | 'tanh' | 'relu')[];
  readonly loss?: 'mse' | 'cross-entropy';
  readonly bias?: boolean;
  readonly samples?: number;
  readonly seed?: number;
}

export function chainProblem({
  widths,
  before,
  loss = 'mse',
  bias = true,
  samples = 4,
  seed = 1,
}: ChainDescription): ChainProblem {
  const layers = widths.slice(1).flatMap((outputs, l) => {
    const own = dense(widths[l]!, outputs, { bias });
    const activation = { none: [], tanh: [tanh()], relu: [relu()] }[before[l] ?? 'none'];
    return [...activation, own];
  });
  const kind: Loss = loss === 'mse' ? mse : crossEntropy;
  const network = defineNetwork({ input: [widths[0]!], layers, loss: kind, synapse: complexSynapse });
  const streams = new RandomStreams(seed);
  const { fast } = initialParameters(network, streams.stream('init'));
  const data = streams.stream('data');
  const outputs = widths.at(-1)!;
  const batch = (count: number): Batch => ({
    samples: count,
    inputs: widths[0]!,
    targets: loss === 'mse' ? outputs : 1,
    x: Float64Array.from({ length: count * widths[0]! }, () => data.normal()),
    y: Float64Array.from({ length: loss === 'mse' ? count * outputs : count }, () =>
      loss === 'mse' ? data.normal() : data.integer(outputs),
    ),
  });
  return { network, phi: fast, batch: batch(samples), other: batch(samples + 1) };
}

/** A gradient by central differences. */
export function differences(
  of: (point: Float64Array) => number,
  at: Float64Array,
  step = 1e-5,
): Float64Array {
  return Float64Array.from(at, (value, i) => {
    const moved = at.slice();
    moved[i] = value + step;
    const ahead = of(moved);
    moved[i] = value - step;
    return (ahead - of(moved)) / (2 * step);
  });
}

export function relative(given: ArrayLike<number>, right: ArrayLike<number>): number {
  const off = Math.hypot(...Array.from(right, (value, i) => given[i]! - value));
  return off / Math.hypot(...Array.from(right));
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
  return dot / (Math.hypot(...Array.from(a)) * Math.hypot(...Array.from(b)));
}
