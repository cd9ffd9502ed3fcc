import type { NeuronStage } from '../../../network/neuron-chain';

/** into = W rates + bias, of each sample: what a stage's synapses bring to its neurons. */
export function driveOf(
  { inputs, outputs, weight, bias }: NeuronStage,
  phi: Float64Array,
  rates: Float64Array,
  into: Float64Array,
): void {
  for (let from = 0, to = 0; to < into.length; from += inputs, to += outputs) {
    for (let i = 0; i < outputs; i++) {
      let sum = bias === null ? 0 : phi[bias + i]!;
      const row = weight + i * inputs;
      for (let j = 0; j < inputs; j++) sum += phi[row + j]! * rates[from + j]!;
      into[to + i] = sum;
    }
  }
}

/** into = W^T values, of each sample: what a stage's neurons bring back to those that they hear, by the same weights. */
export function returnOf(
  { inputs, outputs, weight }: NeuronStage,
  phi: Float64Array,
  values: Float64Array,
  into: Float64Array,
): void {
  into.fill(0);
  for (let from = 0, to = 0; to < into.length; from += outputs, to += inputs) {
    for (let i = 0; i < outputs; i++) {
      const value = values[from + i]!;
      const row = weight + i * inputs;
      for (let j = 0; j < inputs; j++) into[to + j]! += phi[row + j]! * value;
    }
  }
}

/** into = B values, of each sample, with B [rows][columns] row-major: feedback by weights of its own. */
export function feedbackOf(
  matrix: Float64Array,
  columns: number,
  values: Float64Array,
  into: Float64Array,
): void {
  const rows = matrix.length / columns;
  for (let from = 0, to = 0; to < into.length; from += columns, to += rows) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += matrix[i * columns + j]! * values[from + j]!;
      into[to + i] = sum;
    }
  }
}
