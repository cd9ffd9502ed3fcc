import type { Conv2dLayer } from '../../../network/layers/conv2d';
import type { LayerPass } from '../layer-arithmetic';
import { bilinear } from './bilinear';

type Arrays = Pick<LayerPass<Conv2dLayer>, 'layer' | 'samples' | 'inputShape' | 'outputShape'>;

/**
 * Every run of products in a row: `count` outputs from `out` on take input[at + stride n] times the one weight at `weight`, n = 0, 1, ...
 * What would lie in the padding is left out.
 */
type Run = (out: number, weight: number, at: number, count: number) => void;

function eachRun({ layer, samples, inputShape, outputShape }: Arrays, run: Run): void {
  const { inputs, outputs, kernel, stride, padding } = layer;
  const [, height, width] = inputShape as [number, number, number];
  const [, rows, columns] = outputShape as [number, number, number];
  for (let s = 0; s < samples; s++) {
    for (let o = 0; o < outputs; o++) {
      for (let c = 0; c < inputs; c++) {
        const image = (s * inputs + c) * height;
        for (let i = 0; i < kernel; i++) {
          for (let j = 0; j < kernel; j++) {
            const weight = ((o * inputs + c) * kernel + i) * kernel + j;
            // The first and the last column whose place x stride + j - padding lies in the image.
            const first = Math.max(0, Math.ceil((padding - j) / stride));
            const last = Math.min(columns - 1, Math.floor((width - 1 + padding - j) / stride));
            if (last < first) continue;
            for (let y = 0; y < rows; y++) {
              const row = y * stride + i - padding;
              if (row < 0 || row >= height) continue;
              const out = ((s * outputs + o) * rows + y) * columns + first;
              run(out, weight, (image + row) * width + first * stride + j - padding, last - first + 1);
            }
          }
        }
      }
    }
  }
}

/** A convolution of images [samples][channels][rows][columns]; weight [outputs][inputs][kernel][kernel], bias [outputs] or none. */
export const conv2dArithmetic = bilinear<Conv2dLayer>({
  kind: 'conv2d',

  output(of, weight, input, into) {
    const { stride } = of.layer;
    eachRun(of, (out, w, at, count) => {
      const value = weight[w]!;
      for (let n = 0; n < count; n++) into[out + n]! += value * input[at + n * stride]!;
    });
  },

  weightGradient(of, outputGradient, input, into) {
    const { stride } = of.layer;
    eachRun(of, (out, w, at, count) => {
      let sum = 0;
      for (let n = 0; n < count; n++) sum += outputGradient[out + n]! * input[at + n * stride]!;
      into[w]! += sum;
    });
  },

  inputGradient(of, weight, outputGradient, into) {
    const { stride } = of.layer;
    eachRun(of, (out, w, at, count) => {
      const value = weight[w]!;
      for (let n = 0; n < count; n++) into[at + n * stride]! += value * outputGradient[out + n]!;
    });
  },
});
