import type { DenseLayer } from '../../../network/layers/dense';
import type { DeviceThis } from '../kernel-maker';
import { quotientText } from '../quotient';
import { type SampleBlocks, sampleBlocks } from '../sample-blocks';
import { bilinear, type WeightsAndBiases } from './bilinear';

interface Sizes extends WeightsAndBiases {
  readonly inputs: number;
  readonly outputs: number;
}

declare function quotient(whole: number, part: number): number;

function affine(this: DeviceThis<Sizes>, weights: number[], biases: number[], input: number[][]) {
  const row = this.constants.weight + this.thread.x * this.constants.inputs;
  let sum = 0;
  if (this.constants.biases > 0) sum = biases[this.constants.bias + this.thread.x]!;
  for (let i = 0; i < this.constants.inputs; i++) sum += weights[row + i]! * input[this.thread.y]![i]!;
  return sum;
}

function transposed(this: DeviceThis<Sizes>, weights: number[], outputGradient: number[][]) {
  const column = this.constants.weight + this.thread.x;
  let sum = 0;
  for (let o = 0; o < this.constants.outputs; o++) {
    sum += weights[column + o * this.constants.inputs]! * outputGradient[this.thread.y]![o]!;
  }
  return sum;
}

/** Entries of other layers pass through. */
function addGradient(
  this: DeviceThis<Sizes & SampleBlocks>,
  gradient: number[],
  outputGradient: number[][],
  input: number[][],
) {
  let sum = gradient[this.thread.x]!;
  const weight = this.thread.x - this.constants.weight;
  const bias = this.thread.x - this.constants.bias;
  if (weight >= 0 && weight < this.constants.weights) {
    const to = quotient(weight, this.constants.inputs);
    const from = weight - to * this.constants.inputs;
    for (let b = 0; b < this.constants.blocks; b++) {
      let part = 0;
      for (let i = 0; i < this.constants.stretch; i++) {
        const s = b * this.constants.stretch + i;
        if (s < this.constants.samples) part += outputGradient[s]![to]! * input[s]![from]!;
      }
      sum += part;
    }
  } else if (bias >= 0 && bias < this.constants.biases) {
    for (let b = 0; b < this.constants.blocks; b++) {
      let part = 0;
      for (let i = 0; i < this.constants.stretch; i++) {
        const s = b * this.constants.stretch + i;
        if (s < this.constants.samples) part += outputGradient[s]![bias]!;
      }
      sum += part;
    }
  }
  return sum;
}

/** output = weight input + bias; weight [outputs][inputs], bias [outputs] or none. A thread sums one entry over all samples. */
export const denseKernels = bilinear<DenseLayer>('dense', ({ samples, inputs, outputs, make }, places) => {
  const constants = { ...places, inputs, outputs };
  const output = make(affine, [outputs, samples], constants);
  const product = make(affine, [outputs, samples], { ...constants, biases: 0 });
  return {
    output,
    withoutBias: (weights, input) => product(weights, weights, input),
    inputGradient: make(transposed, [inputs, samples], constants),
    adder: (asked, vectorSize) =>
      make(addGradient, [vectorSize], { ...constants, ...asked, ...sampleBlocks(samples) }, [quotientText]),
  };
});
