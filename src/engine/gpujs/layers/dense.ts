import type { ParameterRole } from '../../../network/layer';
import type { DenseLayer } from '../../../network/layers/dense';
import type { DeviceThis } from '../kernel-maker';
import { byRole, type LayerKernels } from '../layer-kernels';

interface Places {
  /** Where the weights and the biases begin, each in the flat vector of their role. */
  readonly weight: number;
  readonly bias: number;
  /** How many there are; no biases is legal. Of those that a gradient is not asked for by, none. */
  readonly weights: number;
  readonly biases: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly samples: number;
}

function affine(this: DeviceThis<Places>, weights: number[], biases: number[], input: number[][]) {
  const row = this.constants.weight + this.thread.x * this.constants.inputs;
  let sum = 0;
  if (this.constants.biases > 0) sum = biases[this.constants.bias + this.thread.x]!;
  for (let i = 0; i < this.constants.inputs; i++) sum += weights[row + i]! * input[this.thread.y]![i]!;
  return sum;
}

/** R{output} = weight R{input} + R{weight} input + R{bias} */
function affineTangent(
  this: DeviceThis<Places>,
  weights: number[],
  direction: number[],
  biasDirection: number[],
  input: number[][],
  inputTangent: number[][],
) {
  const row = this.constants.weight + this.thread.x * this.constants.inputs;
  let sum = 0;
  if (this.constants.biases > 0) sum = biasDirection[this.constants.bias + this.thread.x]!;
  for (let i = 0; i < this.constants.inputs; i++) {
    sum += direction[row + i]! * input[this.thread.y]![i]!;
    sum += weights[row + i]! * inputTangent[this.thread.y]![i]!;
  }
  return sum;
}

function transposed(this: DeviceThis<Places>, weights: number[], outputGradient: number[][]) {
  const column = this.constants.weight + this.thread.x;
  let sum = 0;
  for (let o = 0; o < this.constants.outputs; o++) {
    sum += weights[column + o * this.constants.inputs]! * outputGradient[this.thread.y]![o]!;
  }
  return sum;
}

function transposedTangent(
  this: DeviceThis<Places>,
  weights: number[],
  direction: number[],
  outputGradient: number[][],
  outputGradientTangent: number[][],
) {
  const column = this.constants.weight + this.thread.x;
  let sum = 0;
  for (let o = 0; o < this.constants.outputs; o++) {
    sum += direction[column + o * this.constants.inputs]! * outputGradient[this.thread.y]![o]!;
    sum += weights[column + o * this.constants.inputs]! * outputGradientTangent[this.thread.y]![o]!;
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
  plan({ samples, inputs, outputs, places: [weight, bias], vectorSizes, make }) {
    const { role: ofWeights } = weight!.spec;
    const ofBiases = bias?.spec.role ?? ofWeights;
    const sizes = { weights: weight!.size, biases: bias?.size ?? 0 };
    const constants = {
      ...{ weight: weight!.offset, bias: bias?.offset ?? 0 },
      ...{ ...sizes, inputs, outputs, samples },
    };
    const askedBy = (role: ParameterRole) => ({
      ...constants,
      weights: role === ofWeights ? sizes.weights : 0,
      biases: role === ofBiases ? sizes.biases : 0,
    });
    const forward = make(affine, [outputs, samples], constants);
    const backward = make(transposed, [inputs, samples], constants);
    const add = byRole((role) => make(addGradient, [vectorSizes[role]], askedBy(role)));
    const forwardTangent = make(affineTangent, [outputs, samples], constants);
    const backwardTangent = make(transposedTangent, [inputs, samples], constants);
    const addTangent = byRole((role) => make(addGradientTangent, [vectorSizes[role]], askedBy(role)));
    return {
      forward: (vectors, input) => forward(vectors[ofWeights], vectors[ofBiases], input),
      inputGradient: (vectors, { outputGradient }) => backward(vectors[ofWeights], outputGradient),
      addParameterGradient: (role, gradient, { outputGradient, input }) =>
        add(role)(gradient, outputGradient, input),
      forwardTangent: (vectors, directions, { input, inputTangent }) =>
        forwardTangent(
          ...[vectors[ofWeights], directions[ofWeights], directions[ofBiases]],
          ...[input, inputTangent],
        ),
      inputGradientTangent: (vectors, directions, { outputGradient, outputGradientTangent }) =>
        backwardTangent(vectors[ofWeights], directions[ofWeights], outputGradient, outputGradientTangent),
      addParameterGradientTangent: (role, product, around) =>
        addTangent(role)(
          ...[product, around.outputGradient, around.outputGradientTangent],
          ...[around.input, around.inputTangent],
        ),
    };
  },
};
