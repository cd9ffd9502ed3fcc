import type { ParameterRole } from '../../../network/layer';
import type { ModulationLayer } from '../../../network/layers/modulation';
import type { DeviceThis } from '../kernel-maker';
import { byRole, type LayerKernels } from '../layer-kernels';

interface Places {
  /** Where the gains and the thresholds begin, each in the flat vector of their role. */
  readonly gain: number;
  readonly threshold: number;
  /** How many there are. Of those that a gradient is not asked for by, none. */
  readonly gains: number;
  readonly thresholds: number;
  readonly samples: number;
}

function modulate(this: DeviceThis<Places>, gains: number[], thresholds: number[], input: number[][]) {
  const gain = gains[this.constants.gain + this.thread.x]!;
  const threshold = thresholds[this.constants.threshold + this.thread.x]!;
  return gain * input[this.thread.y]![this.thread.x]! + threshold;
}

function scale(this: DeviceThis<Places>, gains: number[], outputGradient: number[][]) {
  return gains[this.constants.gain + this.thread.x]! * outputGradient[this.thread.y]![this.thread.x]!;
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
  if (gain >= 0 && gain < this.constants.gains) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradient[s]![gain]! * input[s]![gain]!;
  } else if (threshold >= 0 && threshold < this.constants.thresholds) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradient[s]![threshold]!;
  }
  return sum;
}

function modulateTangent(
  this: DeviceThis<Places>,
  gains: number[],
  direction: number[],
  thresholdDirection: number[],
  input: number[][],
  inputTangent: number[][],
) {
  const gain = this.constants.gain + this.thread.x;
  const moved = direction[gain]! * input[this.thread.y]![this.thread.x]!;
  const passed = gains[gain]! * inputTangent[this.thread.y]![this.thread.x]!;
  return moved + passed + thresholdDirection[this.constants.threshold + this.thread.x]!;
}

function scaleTangent(
  this: DeviceThis<Places>,
  gains: number[],
  direction: number[],
  outputGradient: number[][],
  outputGradientTangent: number[][],
) {
  const gain = this.constants.gain + this.thread.x;
  const moved = direction[gain]! * outputGradient[this.thread.y]![this.thread.x]!;
  return moved + gains[gain]! * outputGradientTangent[this.thread.y]![this.thread.x]!;
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
  if (gain >= 0 && gain < this.constants.gains) {
    for (let s = 0; s < this.constants.samples; s++) {
      sum += outputGradientTangent[s]![gain]! * input[s]![gain]!;
      sum += outputGradient[s]![gain]! * inputTangent[s]![gain]!;
    }
  } else if (threshold >= 0 && threshold < this.constants.thresholds) {
    for (let s = 0; s < this.constants.samples; s++) sum += outputGradientTangent[s]![threshold]!;
  }
  return sum;
}

/** output = gain input + threshold, neuron by neuron. */
export const modulationKernels: LayerKernels<ModulationLayer> = {
  kind: 'modulation',
  plan({ samples, outputs, places: [gain, threshold], vectorSizes, make }) {
    const [ofGains, ofThresholds] = [gain!.spec.role, threshold!.spec.role];
    const constants = {
      ...{ gain: gain!.offset, threshold: threshold!.offset },
      ...{ gains: outputs, thresholds: outputs, samples },
    };
    const askedBy = (role: ParameterRole) => ({
      ...constants,
      gains: role === ofGains ? outputs : 0,
      thresholds: role === ofThresholds ? outputs : 0,
    });
    const forward = make(modulate, [outputs, samples], constants);
    const backward = make(scale, [outputs, samples], constants);
    const add = byRole((role) => make(addGradient, [vectorSizes[role]], askedBy(role)));
    const forwardTangent = make(modulateTangent, [outputs, samples], constants);
    const backwardTangent = make(scaleTangent, [outputs, samples], constants);
    const addTangent = byRole((role) => make(addGradientTangent, [vectorSizes[role]], askedBy(role)));
    return {
      forward: (vectors, input) => forward(vectors[ofGains], vectors[ofThresholds], input),
      inputGradient: (vectors, { outputGradient }) => backward(vectors[ofGains], outputGradient),
      addParameterGradient: (role, gradient, { outputGradient, input }) =>
        add(role)(gradient, outputGradient, input),
      forwardTangent: (vectors, directions, { input, inputTangent }) =>
        forwardTangent(
          ...[vectors[ofGains], directions[ofGains], directions[ofThresholds]],
          ...[input, inputTangent],
        ),
      inputGradientTangent: (vectors, directions, { outputGradient, outputGradientTangent }) =>
        backwardTangent(vectors[ofGains], directions[ofGains], outputGradient, outputGradientTangent),
      addParameterGradientTangent: (role, product, around) =>
        addTangent(role)(
          ...[product, around.outputGradient, around.outputGradientTangent],
          ...[around.input, around.inputTangent],
        ),
    };
  },
};
