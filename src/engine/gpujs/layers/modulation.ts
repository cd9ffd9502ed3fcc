import type { Layer } from '../../../network/layer';
import type { ModulationLayer } from '../../../network/layers/modulation';
import { addParts } from '../add-parts';
import type { DeviceThis } from '../kernel-maker';
import type { LayerKernels } from '../layer-kernels';
import { quotientText } from '../quotient';
import { type SampleBlocks, sampleBlocks } from '../sample-blocks';
import { bilinear, type WeightsAndBiases } from './bilinear';

/** The weights are gains, the biases thresholds: one of each for `pixels` numbers that follow each other. */
interface Sizes extends WeightsAndBiases {
  readonly pixels: number;
}

declare function quotient(whole: number, part: number): number;

function modulate(this: DeviceThis<Sizes>, gains: number[], thresholds: number[], input: number[][]) {
  const neuron = quotient(this.thread.x, this.constants.pixels);
  const driven = gains[this.constants.weight + neuron]! * input[this.thread.y]![this.thread.x]!;
  if (this.constants.biases > 0) return driven + thresholds[this.constants.bias + neuron]!;
  return driven;
}

function scale(this: DeviceThis<Sizes>, gains: number[], outputGradient: number[][]) {
  const neuron = quotient(this.thread.x, this.constants.pixels);
  return gains[this.constants.weight + neuron]! * outputGradient[this.thread.y]![this.thread.x]!;
}

/** The sums of one block of samples: first those of the gains, then those of the thresholds. */
function sumBlock(this: DeviceThis<Sizes & SampleBlocks>, outputGradient: number[][], input: number[][]) {
  let sum = 0;
  if (this.thread.x < this.constants.weights) {
    const from = this.thread.x * this.constants.pixels;
    for (let i = 0; i < this.constants.stretch; i++) {
      const s = this.thread.y * this.constants.stretch + i;
      if (s < this.constants.samples) {
        let part = 0;
        for (let n = 0; n < this.constants.pixels; n++) {
          part += outputGradient[s]![from + n]! * input[s]![from + n]!;
        }
        sum += part;
      }
    }
  } else {
    const from = (this.thread.x - this.constants.weights) * this.constants.pixels;
    for (let i = 0; i < this.constants.stretch; i++) {
      const s = this.thread.y * this.constants.stretch + i;
      if (s < this.constants.samples) {
        let part = 0;
        for (let n = 0; n < this.constants.pixels; n++) part += outputGradient[s]![from + n]!;
        sum += part;
      }
    }
  }
  return sum;
}

/** output = gain input + threshold, where each neuron has as many numbers of its own as a sample has for each of them. */
export function gainAndThreshold<L extends Layer>(kind: L['kind']): LayerKernels<L> {
  return bilinear<L>(kind, ({ samples, outputs, make }, places) => {
    const constants = { ...places, pixels: outputs / places.weights };
    const size = [outputs, samples];
    const blocks = sampleBlocks(samples);
    const product = make(modulate, size, { ...constants, biases: 0 }, [quotientText]);
    return {
      output: make(modulate, size, constants, [quotientText]),
      withoutBias: (gains, input) => product(gains, gains, input),
      inputGradient: make(scale, size, constants, [quotientText]),
      adder(asked, vectorSize) {
        const entries = asked.weights + asked.biases;
        const sums = make(sumBlock, [entries, blocks.blocks], { ...constants, ...asked, ...blocks });
        const { weight: first, bias: second, weights: firsts, biases: seconds } = asked;
        const add = addParts(make, vectorSize, blocks, { first, second, firsts, seconds });
        return (vector, outputGradient, input) => add(vector, sums(outputGradient, input));
      },
    };
  });
}

/** output = gain input + threshold, neuron by neuron. */
export const modulationKernels = gainAndThreshold<ModulationLayer>('modulation');
