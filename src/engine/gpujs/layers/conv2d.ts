import type { Conv2dLayer } from '../../../network/layers/conv2d';
import { addParts } from '../add-parts';
import type { DeviceThis } from '../kernel-maker';
import { quotientText } from '../quotient';
import { type SampleBlocks, sampleBlocks } from '../sample-blocks';
import { bilinear, type WeightsAndBiases } from './bilinear';

interface Sizes extends WeightsAndBiases {
  /** Channels in and out. */
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** Of an image that comes in. */
  readonly height: number;
  readonly width: number;
  /** Of an image that goes out. */
  readonly rows: number;
  readonly columns: number;
}

declare function quotient(whole: number, part: number): number;

/** One number of an output image: the sum of the products of each channel, added up. */
function convolve(this: DeviceThis<Sizes>, weights: number[], biases: number[], input: number[][]) {
  const line = quotient(this.thread.x, this.constants.columns);
  const o = quotient(line, this.constants.rows);
  const top = (line - o * this.constants.rows) * this.constants.stride - this.constants.padding;
  const left =
    (this.thread.x - line * this.constants.columns) * this.constants.stride - this.constants.padding;
  let sum = 0;
  if (this.constants.biases > 0) sum = biases[this.constants.bias + o]!;
  for (let c = 0; c < this.constants.inputs; c++) {
    let part = 0;
    const image = c * this.constants.height;
    const taps = (o * this.constants.inputs + c) * this.constants.kernel;
    for (let i = 0; i < this.constants.kernel; i++) {
      const row = top + i;
      if (row >= 0 && row < this.constants.height) {
        const from = (image + row) * this.constants.width;
        const weight = this.constants.weight + (taps + i) * this.constants.kernel;
        for (let j = 0; j < this.constants.kernel; j++) {
          const column = left + j;
          if (column >= 0 && column < this.constants.width) {
            part += weights[weight + j]! * input[this.thread.y]![from + column]!;
          }
        }
      }
    }
    sum += part;
  }
  return sum;
}

/** One number of the gradient by an input image: what each output that took it hands back. */
function transposed(this: DeviceThis<Sizes>, weights: number[], outputGradient: number[][]) {
  const line = quotient(this.thread.x, this.constants.width);
  const c = quotient(line, this.constants.height);
  const bottom = line - c * this.constants.height + this.constants.padding;
  const right = this.thread.x - line * this.constants.width + this.constants.padding;
  let sum = 0;
  for (let i = 0; i < this.constants.kernel; i++) {
    const down = bottom - i;
    const y = quotient(down, this.constants.stride);
    if (down >= 0 && y < this.constants.rows && y * this.constants.stride === down) {
      for (let j = 0; j < this.constants.kernel; j++) {
        const across = right - j;
        const x = quotient(across, this.constants.stride);
        if (across >= 0 && x < this.constants.columns && x * this.constants.stride === across) {
          let part = 0;
          for (let o = 0; o < this.constants.outputs; o++) {
            const taps =
              ((o * this.constants.inputs + c) * this.constants.kernel + i) * this.constants.kernel;
            const at = (o * this.constants.rows + y) * this.constants.columns + x;
            part += weights[this.constants.weight + taps + j]! * outputGradient[this.thread.y]![at]!;
          }
          sum += part;
        }
      }
    }
  }
  return sum;
}

/** The sums of one block of samples, row by row and image by image: first those of the weights, then those of the biases. */
function sumBlock(this: DeviceThis<Sizes & SampleBlocks>, outputGradient: number[][], input: number[][]) {
  let sum = 0;
  if (this.thread.x < this.constants.weights) {
    const taps = quotient(this.thread.x, this.constants.kernel);
    const j = this.thread.x - taps * this.constants.kernel - this.constants.padding;
    const kernels = quotient(taps, this.constants.kernel);
    const i = taps - kernels * this.constants.kernel - this.constants.padding;
    const o = quotient(kernels, this.constants.inputs);
    const image = (kernels - o * this.constants.inputs) * this.constants.height;
    for (let n = 0; n < this.constants.stretch; n++) {
      const s = this.thread.y * this.constants.stretch + n;
      if (s < this.constants.samples) {
        let part = 0;
        for (let y = 0; y < this.constants.rows; y++) {
          const row = y * this.constants.stride + i;
          if (row >= 0 && row < this.constants.height) {
            let line = 0;
            for (let x = 0; x < this.constants.columns; x++) {
              const column = x * this.constants.stride + j;
              if (column >= 0 && column < this.constants.width) {
                line +=
                  outputGradient[s]![(o * this.constants.rows + y) * this.constants.columns + x]! *
                  input[s]![(image + row) * this.constants.width + column]!;
              }
            }
            part += line;
          }
        }
        sum += part;
      }
    }
  } else {
    const o = this.thread.x - this.constants.weights;
    for (let n = 0; n < this.constants.stretch; n++) {
      const s = this.thread.y * this.constants.stretch + n;
      if (s < this.constants.samples) {
        let part = 0;
        for (let y = 0; y < this.constants.rows; y++) {
          let line = 0;
          for (let x = 0; x < this.constants.columns; x++) {
            line += outputGradient[s]![(o * this.constants.rows + y) * this.constants.columns + x]!;
          }
          part += line;
        }
        sum += part;
      }
    }
  }
  return sum;
}

/** A convolution of images; weight [outputs][inputs][kernel][kernel], bias [outputs] or none. No image is copied window by window. */
export const conv2dKernels = bilinear<Conv2dLayer>(
  'conv2d',
  ({ layer, samples, inputShape, outputShape, inputs: pixelsIn, outputs: pixelsOut, make }, places) => {
    const { inputs, outputs, kernel, stride, padding } = layer;
    const [, height, width] = inputShape as [number, number, number];
    const [, rows, columns] = outputShape as [number, number, number];
    const blocks = sampleBlocks(samples);
    const constants = {
      ...{ ...places, inputs, outputs, kernel, stride, padding, height, width, rows, columns },
    };
    const output = make(convolve, [pixelsOut, samples], constants, [quotientText]);
    const product = make(convolve, [pixelsOut, samples], { ...constants, biases: 0 }, [quotientText]);
    return {
      output,
      withoutBias: (weights, input) => product(weights, weights, input),
      inputGradient: make(transposed, [pixelsIn, samples], constants, [quotientText]),
      adder(asked, vectorSize) {
        const entries = asked.weights + asked.biases;
        const sums = make(sumBlock, [entries, blocks.blocks], { ...constants, ...asked, ...blocks }, [
          quotientText,
        ]);
        const { weight: first, bias: second, weights: firsts, biases: seconds } = asked;
        const add = addParts(make, vectorSize, blocks, { first, second, firsts, seconds });
        return (vector, outputGradient, input) => add(vector, sums(outputGradient, input));
      },
    };
  },
);
