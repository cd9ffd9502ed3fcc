import type { NeuronStage } from '../../../network/neuron-chain';

const mostIterations = 200;
/** Relative change of the norm at which it is known well enough: to stay stable, a factor of 2 is left. */
const precision = 1e-7;

/** The largest singular value of a stage's weights, by power iteration from a fixed start that no weights are orthogonal to by design. */
export function spectralNorm({ inputs, outputs, weight }: NeuronStage, phi: Float64Array): number {
  let right = Float64Array.from({ length: inputs }, (_, j) => (((j + 1) * 0.618033988749895) % 1) - 0.4);
  const left = new Float64Array(outputs);
  let known = 0;
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const scale = 1 / Math.hypot(...right);
    const next = new Float64Array(inputs);
    let square = 0;
    for (let i = 0; i < outputs; i++) {
      let sum = 0;
      for (let j = 0; j < inputs; j++) sum += phi[weight + i * inputs + j]! * right[j]! * scale;
      left[i] = sum;
      square += sum * sum;
      for (let j = 0; j < inputs; j++) next[j]! += phi[weight + i * inputs + j]! * sum;
    }
    const norm = Math.sqrt(square);
    if (!(norm > 0) || Math.abs(norm - known) <= precision * norm) return norm;
    known = norm;
    right = next;
  }
  return known;
}
