import type { Batch } from '../../src/data/batch';
import type { ParameterRole } from '../../src/network/layer';
import type { DenseLayer } from '../../src/network/layers/dense';
import type { Network } from '../../src/network/network';
import { applied, type HyperDual, hyperDual, plus, scaled, times } from './hyper-dual';

/** The parameters of both roles, each as one flat vector. */
export interface Parameters {
  readonly phi: ArrayLike<number>;
  readonly theta: ArrayLike<number>;
}

type DualParameters = Readonly<Record<ParameterRole, readonly HyperDual[]>>;

/**
 * What an engine must compute, written once more from the equations: sample by sample, number by number, with
 * derivatives from hyper-dual numbers instead of backpropagation. It shares no arithmetic with any engine.
 */
function outputsOf(network: Network, input: readonly number[], given: DualParameters): HyperDual[] {
  let units = input.map((value) => hyperDual(value));
  const next = { fast: 0, meta: 0 };
  for (const layer of network.layers) {
    const [first, second] = layer.parameters.map(({ role, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      next[role] += size;
      return given[role].slice(next[role] - size, next[role]);
    });
    switch (layer.kind) {
      case 'dense': {
        const { inputs, outputs } = layer as DenseLayer;
        const sums = Array.from({ length: outputs }, (_, o) =>
          units.map((unit, i) => times(unit, first![o * inputs + i]!)).reduce(plus),
        );
        units = second === undefined ? sums : sums.map((sum, o) => plus(sum, second[o]!));
        break;
      }
      case 'modulation':
        units = units.map((unit, i) => plus(times(first![i]!, unit), second![i]!));
        break;
      case 'tanh':
        units = units.map((unit) => {
          const y = Math.tanh(unit.value);
          return applied(unit, y, 1 - y * y, -2 * y * (1 - y * y));
        });
        break;
      case 'relu':
        units = units.map((unit) => (unit.value > 0 ? unit : hyperDual(0)));
        break;
      default:
        throw new Error(`The oracle knows no layer called ${layer.kind}`);
    }
  }
  return units;
}

const inputsOf = ({ x, inputs }: Batch, sample: number): number[] => [
  ...x.subarray(sample * inputs, (sample + 1) * inputs),
];

/** L(phi, theta; batch). */
function lossOf(network: Network, batch: Batch, given: DualParameters): HyperDual {
  let sum = hyperDual(0);
  for (let sample = 0; sample < batch.samples; sample++) {
    const outputs = outputsOf(network, inputsOf(batch, sample), given);
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
  const outputs = Array.from({ length: batch.samples }, (_, sample) =>
    outputsOf(network, inputsOf(batch, sample), numbers).map(({ value }) => value),
  );
  return { loss: lossOf(network, batch, numbers).value, outputs: outputs.flat() };
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

/** The smallest distance of any relu unit from its kink, over a batch. Infinity where there is no relu. */
export function distanceFromKinks(network: Network, batch: Batch, at: Parameters): number {
  const numbers = dual(at);
  let least = Infinity;
  network.layers.forEach(({ kind }, index) => {
    if (kind !== 'relu') return;
    const below = { ...network, layers: network.layers.slice(0, index) };
    for (let sample = 0; sample < batch.samples; sample++) {
      for (const { value } of outputsOf(below, inputsOf(batch, sample), numbers)) {
        least = Math.min(least, Math.abs(value));
      }
    }
  });
  return least;
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
