import type { Batch } from '../../src/data/batch';
import type { DenseLayer } from '../../src/network/layers/dense';
import type { Network } from '../../src/network/network';
import { applied, type HyperDual, hyperDual, plus, scaled, times } from './hyper-dual';

/**
 * What an engine must compute, written once more from the equations: sample by sample, number by number, with
 * derivatives from hyper-dual numbers instead of backpropagation. It shares no arithmetic with any engine.
 */
function outputsOf(network: Network, input: readonly number[], phi: readonly HyperDual[]): HyperDual[] {
  let units = input.map((value) => hyperDual(value));
  let next = 0;
  for (const layer of network.layers) {
    switch (layer.kind) {
      case 'dense': {
        const { outputs, bias } = layer as DenseLayer;
        const sums = Array.from({ length: outputs }, () =>
          units.map((unit) => times(unit, phi[next++]!)).reduce(plus),
        );
        units = bias ? sums.map((sum) => plus(sum, phi[next++]!)) : sums;
        break;
      }
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

/** L(phi; batch). */
function lossOf(network: Network, batch: Batch, phi: readonly HyperDual[]): HyperDual {
  let sum = hyperDual(0);
  for (let sample = 0; sample < batch.samples; sample++) {
    const outputs = outputsOf(network, inputsOf(batch, sample), phi);
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

export function oracleEvaluate(
  network: Network,
  batch: Batch,
  phi: Vector,
): { loss: number; outputs: number[] } {
  const numbers = Array.from(phi, (value) => hyperDual(value));
  const outputs = Array.from({ length: batch.samples }, (_, sample) =>
    outputsOf(network, inputsOf(batch, sample), numbers).map(({ value }) => value),
  );
  return { loss: lossOf(network, batch, numbers).value, outputs: outputs.flat() };
}

export function oracleGradient(network: Network, batch: Batch, phi: Vector): number[] {
  const gradient: number[] = [];
  // Two entries at a time: one along each of the two infinitesimals.
  for (let i = 0; i < phi.length; i += 2) {
    const numbers = Array.from(phi, (value, j) => hyperDual(value, j === i ? 1 : 0, j === i + 1 ? 1 : 0));
    const { first, second } = lossOf(network, batch, numbers);
    gradient.push(first, second);
  }
  return gradient.slice(0, phi.length);
}

export function oracleHessianVector(network: Network, batch: Batch, phi: Vector, vector: Vector): number[] {
  return Array.from(phi, (_, i) => {
    const numbers = Array.from(phi, (value, j) => hyperDual(value, j === i ? 1 : 0, vector[j]!));
    return lossOf(network, batch, numbers).mixed;
  });
}

/** The smallest distance of any relu unit from its kink, over a batch. Infinity where there is no relu. */
export function distanceFromKinks(network: Network, batch: Batch, phi: Vector): number {
  const numbers = Array.from(phi, (value) => hyperDual(value));
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
  readonly omega: Vector;
  readonly lambda: Vector;
  readonly optimizer: () => OneSynapse;
}

/** A phase on L(train) + sum of lambda/2 (phi - omega)^2 + beta L(replay), and the norm of its last gradient. */
export function oracleSettle(network: Network, phase: NaivePhase): { phi: number[]; residual: number } {
  const { beta, steps, train, replay, omega, lambda } = phase;
  let phi = Array.from(phase.phi);
  const synapses = phi.map(() => phase.optimizer());
  const gradient = (): number[] => {
    const kept = Math.min(distanceFromKinks(network, train, phi), distanceFromKinks(network, replay, phi));
    if (kept < 1e-5)
      throw new Error('The phase comes too near to a kink to tell engines apart: draw another');
    const outer = beta === 0 ? phi.map(() => 0) : oracleGradient(network, replay, phi);
    return oracleGradient(network, train, phi).map(
      (slope, i) => slope + lambda[i]! * (phi[i]! - omega[i]!) + beta * outer[i]!,
    );
  };
  for (let step = 1; step <= steps; step++) {
    const slopes = gradient();
    phi = phi.map((value, i) => value + synapses[i]!(slopes[i]!, step));
  }
  return { phi, residual: Math.hypot(...gradient()) };
}
