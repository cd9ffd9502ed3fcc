import type { ModulationLayer } from '../../../network/layers/modulation';
import type { DeviceThis } from '../kernel-maker';
import type { LayerKernels } from '../layer-kernels';

interface Places {
  /** Where the gains and the thresholds begin in the flat vector. */
  readonly gain: number;
  readonly threshold: number;
  readonly neurons: number;
  readonly samples: number;
}

function modulate(this: DeviceThis<Places>, parameters: number[], input: number[][]) {
  const gain = parameters[this.constants.gain + this.thread.x]!;
  const threshold = parameters[this.constants.threshold + this.thread.x]!;
  return gain * input[this.thread.y]![this.thread.x]! + threshold;
}

function scale(this: DeviceThis<Places>, parameters: number[], outputGradient: number[][]) {
  return parameters[this.constants.gain + this.thread.x]! * outputGradient[this.thread.y]![this.thread.x]!;
}

/** Entries of other layers pass through. */
function addGradient(
  this: DeviceThis<Places>,
  gradient: number[],
  outputGradient: number[][],
  input: number[][],
) {
  let sum = gradient[this.thread.x]!;
  const gain = this.thread.x - this.constants.gain;
  const threshold = this.thread.x - this.constants.threshold;
  if (gain >= 0 && gain < this.constants.neurons) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradient[s]![gain]! * input[s]![gain]!;
  } else if (threshold >= 0 && threshold < this.constants.neurons) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradient[s]![threshold]!;
  }
  return sum;
}

function modulateTangent(
  this: DeviceThis<Places>,
  parameters: number[],
  direction: number[],
  input: number[][],
  inputTangent: number[][],
) {
  const gain = this.constants.gain + this.thread.x;
  const moved = direction[gain]! * input[this.thread.y]![this.thread.x]!;
  const passed = parameters[gain]! * inputTangent[this.thread.y]![this.thread.x]!;
  return moved + passed + direction[this.constants.threshold + this.thread.x]!;
}

function scaleTangent(
  this: DeviceThis<Places>,
  parameters: number[],
  direction: number[],
  outputGradient: number[][],
  outputGradientTangent: number[][],
) {
  const gain = this.constants.gain + this.thread.x;
  const moved = direction[gain]! * outputGradient[this.thread.y]![this.thread.x]!;
  return moved + parameters[gain]! * outputGradientTangent[this.thread.y]![this.thread.x]!;
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
  const gain = this.thread.x - this.constants.gain;
  const threshold = this.thread.x - this.constants.threshold;
  if (gain >= 0 && gain < this.constants.neurons) {
    for (let s = 0; s < this.constants.samples; s++) {
      sum += outputGradientTangent[s]![gain]! * input[s]![gain]!;
      sum += outputGradient[s]![gain]! * inputTangent[s]![gain]!;
    }
  } else if (threshold >= 0 && threshold < this.constants.neurons) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradientTangent[s]![threshold]!;
  }
  return sum;
}

/** output = gain input + threshold, neuron by neuron. */
export const modulationKernels: LayerKernels<ModulationLayer> = {
  kind: 'modulation',
  plan({ samples, outputs, places: [gain, threshold], vectorSize, make }) {
    const constants = { gain: gain!.offset, threshold: threshold!.offset, neurons: outputs, samples };
    const forward = make(modulate, [outputs, samples], constants);
    const backward = make(scale, [outputs, samples], constants);
    const add = make(addGradient, [vectorSize], constants);
    const forwardTangent = make(modulateTangent, [outputs, samples], constants);
    const backwardTangent = make(scaleTangent, [outputs, samples], constants);
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
