import type { Batch } from '../../src/data/batch';
import type { Layer, ParameterRole } from '../../src/network/layer';
import type { BatchNormLayer } from '../../src/network/layers/batch-norm';
import type { Conv2dLayer } from '../../src/network/layers/conv2d';
import type { DenseLayer } from '../../src/network/layers/dense';
import type { PoolLayer } from '../../src/network/layers/pool';
import type { Network } from '../../src/network/network';
import { applied, type HyperDual, hyperDual, plus, scaled, times } from './hyper-dual';

/** The parameters of both roles, each as one flat vector. */
export interface Parameters {
  readonly phi: ArrayLike<number>;
  readonly theta: ArrayLike<number>;
}

type DualParameters = Readonly<Record<ParameterRole, readonly HyperDual[]>>;

/** The units of all samples at one place of a network, with the shape that each sample has there. */
interface Units {
  readonly of: readonly (readonly HyperDual[])[];
  readonly shape: readonly number[];
}

/**
 * What an engine must compute, written once more from the equations: number by number, with derivatives from hyper-dual numbers
 * instead of backpropagation. It shares no arithmetic with any engine.
 */
function unitsBehind(
  network: Network,
  batch: Batch,
  given: DualParameters,
  layers = network.layers.length,
): Units {
  let units: Units = {
    of: Array.from({ length: batch.samples }, (_, sample) =>
      inputsOf(batch, sample).map((value) => hyperDual(value)),
    ),
    shape: network.inputShape,
  };
  const next = { fast: 0, meta: 0 };
  network.layers.slice(0, layers).forEach((layer, index) => {
    const parameters = layer.parameters.map(({ role, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      next[role] += size;
      return given[role].slice(next[role] - size, next[role]);
    });
    const shape = network.shapes[index + 1]!;
    units = { of: behind(layer, units, parameters, shape), shape };
  });
  return units;
}

const zero = hyperDual(0);

function behind(
  layer: Layer,
  { of, shape }: Units,
  [first, second]: readonly (readonly HyperDual[])[],
  after: readonly number[],
): HyperDual[][] {
  const eachSample = (make: (units: readonly HyperDual[]) => HyperDual[]) => of.map(make);
  switch (layer.kind) {
    case 'dense': {
      const { inputs, outputs } = layer as DenseLayer;
      return eachSample((units) =>
        Array.from({ length: outputs }, (_, o) => {
          const sum = units.map((unit, i) => times(unit, first![o * inputs + i]!)).reduce(plus);
          return second === undefined ? sum : plus(sum, second[o]!);
        }),
      );
    }
    case 'conv2d': {
      const { inputs, kernel, stride, padding } = layer as Conv2dLayer;
      const [, height, width] = shape as [number, number, number];
      return eachSample((units) =>
        places(after).map(([o, y, x]) => {
          const terms = places([inputs, kernel, kernel]).map(([c, i, j]) => {
            const [row, column] = [y * stride + i - padding, x * stride + j - padding];
            if (row < 0 || row >= height || column < 0 || column >= width) return zero;
            return times(
              units[(c * height + row) * width + column]!,
              first![((o * inputs + c) * kernel + i) * kernel + j]!,
            );
          });
          return [...terms, ...(second === undefined ? [] : [second[o]!])].reduce(plus);
        }),
      );
    }
    case 'max-pool':
    case 'average-pool': {
      const { size, stride } = layer as PoolLayer;
      const [, height, width] = shape as [number, number, number];
      return eachSample((units) =>
        places(after).map(([c, y, x]) => {
          const window = places([1, size, size]).map(
            ([, i, j]) => units[(c * height + y * stride + i) * width + x * stride + j]!,
          );
          if (layer.kind === 'average-pool') return scaled(window.reduce(plus), 1 / window.length);
          return window.reduce((most, unit) => (unit.value > most.value ? unit : most));
        }),
      );
    }
    case 'batch-norm': {
      const { features, epsilon } = layer as BatchNormLayer;
      const pixels = of[0]!.length / features;
      const results = of.map((units) => [...units]);
      for (let f = 0; f < features; f++) {
        const own = of.flatMap((units) => units.slice(f * pixels, (f + 1) * pixels));
        const mean = scaled(own.reduce(plus), 1 / own.length);
        const apart = own.map((unit) => plus(unit, scaled(mean, -1)));
        const variance = scaled(apart.map((each) => times(each, each)).reduce(plus), 1 / own.length);
        const v = variance.value + epsilon;
        const factor = applied(variance, v ** -0.5, -0.5 * v ** -1.5, 0.75 * v ** -2.5);
        apart.forEach((each, n) => {
          const unit = plus(times(first![f]!, times(each, factor)), second![f]!);
          results[Math.floor(n / pixels)]![f * pixels + (n % pixels)] = unit;
        });
      }
      return results;
    }
    case 'modulation':
      return eachSample((units) => units.map((unit, i) => plus(times(first![i]!, unit), second![i]!)));
    case 'tanh':
      return eachSample((units) =>
        units.map((unit) => {
          const y = Math.tanh(unit.value);
          return applied(unit, y, 1 - y * y, -2 * y * (1 - y * y));
        }),
      );
    case 'relu':
      return eachSample((units) => units.map((unit) => (unit.value > 0 ? unit : zero)));
    case 'flatten':
      return eachSample((units) => [...units]);
    default:
      throw new Error(`The oracle knows no layer called ${layer.kind}`);
  }
}

/** Every [channel, row, column] of a shape, the last the fastest. */
function places(shape: readonly number[]): [number, number, number][] {
  const [channels, rows, columns] = shape as [number, number, number];
  return Array.from({ length: channels * rows * columns }, (_, n) => [
    Math.floor(n / (rows * columns)),
    Math.floor(n / columns) % rows,
    n % columns,
  ]);
}

const inputsOf = ({ x, inputs }: Batch, sample: number): number[] => [
  ...x.subarray(sample * inputs, (sample + 1) * inputs),
];

/** L(phi, theta; batch). */
function lossOf(network: Network, batch: Batch, given: DualParameters): HyperDual {
  let sum = hyperDual(0);
  for (const [sample, outputs] of unitsBehind(network, batch, given).of.entries()) {
    if (network.loss.kind === 'cross-entropy') {
      const exponentials = outputs.map((output) => {
        const power = Math.exp(output.value);
        return applied(output, power, power, power);
      });
      const total = exponentials.reduce(plus);
      const logarithm = applied(total, Math.log(total.value), 1 / total.value, -1 / total.value ** 2);
      sum = plus(sum, plus(logarithm, scaled(outputs[batch.y[sample]!]!, -1)));
    } else {
      const errors = outputs.map((output, o) =>
        plus(output, hyperDual(-batch.y[sample * outputs.length + o]!)),
      );
      sum = plus(sum, scaled(errors.map((error) => times(error, error)).reduce(plus), 1 / outputs.length));
    }
  }
  return scaled(sum, 1 / batch.samples);
}

type Vector = ArrayLike<number>;

/** Numbers that do not move, but for those of one role that are given a direction each. */
function dual(
  { phi, theta }: Parameters,
  role: ParameterRole = 'fast',
  first: (index: number) => number = () => 0,
  second: (index: number) => number = () => 0,
): DualParameters {
  const of = (values: Vector, own: boolean) =>
    Array.from(values, (value, i) => (own ? hyperDual(value, first(i), second(i)) : hyperDual(value)));
  return { fast: of(phi, role === 'fast'), meta: of(theta, role === 'meta') };
}

export function oracleEvaluate(
  network: Network,
  batch: Batch,
  at: Parameters,
): { loss: number; outputs: number[] } {
  const numbers = dual(at);
  const outputs = unitsBehind(network, batch, numbers).of.flatMap((units) => units.map(({ value }) => value));
  return { loss: lossOf(network, batch, numbers).value, outputs };
}

/** dL/dphi, or dL/dtheta. */
export function oracleGradient(
  network: Network,
  batch: Batch,
  at: Parameters,
  role: ParameterRole = 'fast',
): number[] {
  const { length } = role === 'fast' ? at.phi : at.theta;
  const gradient: number[] = [];
  // Two entries at a time: one along each of the two infinitesimals.
  for (let i = 0; i < length; i += 2) {
    const one = (of: number) => (j: number) => (j === of ? 1 : 0);
    const { first, second } = lossOf(network, batch, dual(at, role, one(i), one(i + 1)));
    gradient.push(first, second);
  }
  return gradient.slice(0, length);
}

export function oracleHessianVector(
  network: Network,
  batch: Batch,
  at: Parameters,
  vector: Vector,
): number[] {
  return Array.from(at.phi, (_, i) => {
    const numbers = dual(
      at,
      'fast',
      (j) => (j === i ? 1 : 0),
      (j) => vector[j]!,
    );
    return lossOf(network, batch, numbers).mixed;
  });
}

/** The smallest distance of any relu unit from its kink, and of the two largest numbers of a pool's window, over a batch. */
export function distanceFromKinks(network: Network, batch: Batch, at: Parameters): number {
  const numbers = dual(at);
  let least = Infinity;
  network.layers.forEach((layer, index) => {
    if (layer.kind !== 'relu' && layer.kind !== 'max-pool') return;
    const { of, shape } = unitsBehind(network, batch, numbers, index);
    for (const units of of) {
      const values = units.map(({ value }) => value);
      if (layer.kind === 'relu') least = Math.min(least, ...values.map(Math.abs));
      else least = Math.min(least, margin(layer as PoolLayer, values, shape, network.shapes[index + 1]!));
    }
  });
  return least;
}

/** The smallest standard deviation that any batch norm divides a feature by, over a batch; Infinity where there is no such layer. */
export function leastDeviation(network: Network, batch: Batch, at: Parameters): number {
  let least = Infinity;
  network.layers.forEach((layer, index) => {
    if (layer.kind !== 'batch-norm') return;
    const { of } = unitsBehind(network, batch, dual(at), index);
    const { features, epsilon } = layer as BatchNormLayer;
    const pixels = of[0]!.length / features;
    for (let f = 0; f < features; f++) {
      const own = of.flatMap((units) => units.slice(f * pixels, (f + 1) * pixels).map(({ value }) => value));
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
      least = Math.min(least, Math.sqrt(variance + epsilon));
    }
  });
  return least;
}

/** By how much the largest number of any window exceeds the next one. */
function margin(
  { size, stride }: PoolLayer,
  values: readonly number[],
  shape: readonly number[],
  after: readonly number[],
) {
  const [, height, width] = shape as [number, number, number];
  const margins = places(after).map(([c, y, x]) => {
    const [most, next] = places([1, size, size])
      .map(([, i, j]) => values[(c * height + y * stride + i) * width + x * stride + j]!)
      .sort((a, b) => b - a);
    return next === undefined ? Infinity : most! - next;
  });
  return Math.min(...margins);
}

/** The published form of each optimiser for one synapse: takes a gradient and the count of steps, moves phi. */
type OneSynapse = (gradient: number, step: number) => number;

/** By name, what makes the optimiser of one synapse; each call of what it returns gives the change of phi. */
export const naiveOptimizers = {
  sgd: (rate: number) => (): OneSynapse => (gradient) => -rate * gradient,

  heavyBall: (rate: number, decay: number) => (): OneSynapse => {
    let velocity = 0;
    return (gradient) => {
      velocity = decay * velocity - rate * gradient;
      return velocity;
    };
  },

  // Sutskever et al. 2013, after the change of variables that makes the gradient's point the stored one.
  nesterov: (rate: number, decay: number) => (): OneSynapse => {
    let velocity = 0;
    return (gradient) => {
      velocity = decay * velocity - rate * gradient;
      return decay * velocity - rate * gradient;
    };
  },

  adam: (rate: number, beta1: number, beta2: number, epsilon: number) => (): OneSynapse => {
    let [m, v] = [0, 0];
    return (gradient, step) => {
      m = beta1 * m + (1 - beta1) * gradient;
      v = beta2 * v + (1 - beta2) * gradient ** 2;
      return (-rate * (m / (1 - beta1 ** step))) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
    };
  },
};

export interface NaivePhase {
  readonly beta: number;
  readonly steps: number;
  readonly train: Batch;
  readonly replay: Batch;
  readonly phi: Vector;
  readonly theta: Vector;
  readonly omega: Vector;
  readonly lambda: Vector;
  readonly optimizer: () => OneSynapse;
}

/** A phase that comes so near to a kink that engines may rightly differ. */
export class NearKink extends Error {}

/** A phase on L(train) + sum of lambda/2 (phi - omega)^2 + beta L(replay), and the norm of its last gradient. */
export function oracleSettle(network: Network, phase: NaivePhase): { phi: number[]; residual: number } {
  const { beta, steps, train, replay, theta, omega, lambda } = phase;
  let phi = Array.from(phase.phi);
  const synapses = phi.map(() => phase.optimizer());
  const gradient = (): number[] => {
    const at = { phi, theta };
    const kept = Math.min(distanceFromKinks(network, train, at), distanceFromKinks(network, replay, at));
    if (kept < 1e-5) throw new NearKink('The phase comes too near to a kink: draw another');
    const outer = beta === 0 ? phi.map(() => 0) : oracleGradient(network, replay, at);
    return oracleGradient(network, train, at).map(
      (slope, i) => slope + lambda[i]! * (phi[i]! - omega[i]!) + beta * outer[i]!,
    );
  };
  for (let step = 1; step <= steps; step++) {
    const slopes = gradient();
    phi = phi.map((value, i) => value + synapses[i]!(slopes[i]!, step));
  }
  return { phi, residual: Math.hypot(...gradient()) };
}
