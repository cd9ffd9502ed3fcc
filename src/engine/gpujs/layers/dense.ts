import type { DenseLayer } from '../../../network/layers/dense';
import type { DeviceThis } from '../kernel-maker';
import type { LayerKernels } from '../layer-kernels';

interface Places {
  /** Where the weights and the biases begin in the flat vector. */
  readonly weight: number;
  readonly bias: number;
  /** How many there are; no biases is legal. */
  readonly weights: number;
  readonly biases: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly samples: number;
}

function affine(this: DeviceThis<Places>, parameters: number[], input: number[][]) {
  const row = this.constants.weight + this.thread.x * this.constants.inputs;
  let sum = 0;
  if (this.constants.biases > 0) sum = parameters[this.constants.bias + this.thread.x]!;
  for (let i = 0; i < this.constants.inputs; i++) sum += parameters[row + i]! * input[this.thread.y]![i]!;
  return sum;
}

/** R{output} = weight R{input} + R{weight} input + R{bias} */
function affineTangent(
  this: DeviceThis<Places>,
  parameters: number[],
  direction: number[],
  input: number[][],
  inputTangent: number[][],
) {
  const row = this.constants.weight + this.thread.x * this.constants.inputs;
  let sum = 0;
  if (this.constants.biases > 0) sum = direction[this.constants.bias + this.thread.x]!;
  for (let i = 0; i < this.constants.inputs; i++) {
    sum += direction[row + i]! * input[this.thread.y]![i]!;
    sum += parameters[row + i]! * inputTangent[this.thread.y]![i]!;
  }
  return sum;
}

function transposed(this: DeviceThis<Places>, parameters: number[], outputGradient: number[][]) {
  const column = this.constants.weight + this.thread.x;
  let sum = 0;
  for (let o = 0; o < this.constants.outputs; o++) {
    sum += parameters[column + o * this.constants.inputs]! * outputGradient[this.thread.y]![o]!;
  }
  return sum;
}

function transposedTangent(
  this: DeviceThis<Places>,
  parameters: number[],
  direction: number[],
  outputGradient: number[][],
  outputGradientTangent: number[][],
) {
  const column = this.constants.weight + this.thread.x;
  let sum = 0;
  for (let o = 0; o < this.constants.outputs; o++) {
    sum += direction[column + o * this.constants.inputs]! * outputGradient[this.thread.y]![o]!;
    sum += parameters[column + o * this.constants.inputs]! * outputGradientTangent[this.thread.y]![o]!;
  }
  return sum;
}

/** Entries of other layers pass through. The half keeps the quotient of two whole numbers off the next whole number. */
function addGradient(
  this: DeviceThis<Places>,
  gradient: number[],
  outputGradient: number[][],
  input: number[][],
) {
  let sum = gradient[this.thread.x]!;
  const weight = this.thread.x - this.constants.weight;
  const bias = this.thread.x - this.constants.bias;
  if (weight >= 0 && weight < this.constants.weights) {
    const to = Math.floor((weight + 0.5) / this.constants.inputs);
    const from = weight - to * this.constants.inputs;
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradient[s]![to]! * input[s]![from]!;
  } else if (bias >= 0 && bias < this.constants.biases) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradient[s]![bias]!;
  }
  return sum;
}

function addGradientTangent(
  this: DeviceThis<Places>,
  product: number[],
  outputGradient: number[][],
  outputGradientTangent: number[][],
  input: number[][],
  inputTangent: number[][],
) {
  let sum = product[this.thread.x]!;
  const weight = this.thread.x - this.constants.weight;
  const bias = this.thread.x - this.constants.bias;
  if (weight >= 0 && weight < this.constants.weights) {
    const to = Math.floor((weight + 0.5) / this.constants.inputs);
    const from = weight - to * this.constants.inputs;
    for (let s = 0; s < this.constants.samples; s++) {
      sum += outputGradientTangent[s]![to]! * input[s]![from]!;
      sum += outputGradient[s]![to]! * inputTangent[s]![from]!;
    }
  } else if (bias >= 0 && bias < this.constants.biases) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradientTangent[s]![bias]!;
  }
  return sum;
}

/** output = weight input + bias; weight [outputs][inputs], bias [outputs] or none. */
export const denseKernels: LayerKernels<DenseLayer> = {
  kind: 'dense',
  plan({ samples, inputs, outputs, places: [weight, bias], vectorSize, make }) {
    const constants = {
      ...{ weight: weight!.offset, weights: weight!.size, bias: bias?.offset ?? 0, biases: bias?.size ?? 0 },
      ...{ inputs, outputs, samples },
    };
    const forward = make(affine, [outputs, samples], constants);
    const backward = make(transposed, [inputs, samples], constants);
    const add = make(addGradient, [vectorSize], constants);
    const forwardTangent = make(affineTangent, [outputs, samples], constants);
    const backwardTangent = make(transposedTangent, [inputs, samples], constants);
    const addTangent = make(addGradientTangent, [vectorSize], constants);
    return {
      forward,
      inputGradient: (parameters, { outputGradient }) => backward(parameters, outputGradient),
      addParameterGradient: (gradient, { outputGradient, input }) => add(gradient, outputGradient, input),
      forwardTangent: (parameters, direction, { input, inputTangent }) =>
        forwardTangent(parameters, direction, input, inputTangent),
      inputGradientTangent: (parameters, direction, { outputGradient, outputGradientTangent }) =>
        backwardTangent(parameters, direction, outputGradient, outputGradientTangent),
      addParameterGradientTangent: (product, around) =>
        addTangent(
          ...[product, around.outputGradient, around.outputGradientTangent],
          ...[around.input, around.inputTangent],
        ),
    };
  },
};
