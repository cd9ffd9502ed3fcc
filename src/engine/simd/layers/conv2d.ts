import { asImage } from '../../../network/image';
import type { Conv2dLayer } from '../../../network/layers/conv2d';
import { byTiles, paysInTiles } from '../convolutions/tiles';
import { byWindows } from '../convolutions/windows';
import type { LayerKernels } from '../layer-kernels';
import { padded } from '../machine/shared-memory';
import { ArrangedKernel } from '../passes/arranged-kernel';
import { PaddedRows } from '../passes/padded-rows';
import { sumsRoom } from '../passes/sums-room';

/** output = weight * input + bias, with weights laid out as windows of images lie. */
export const conv2dKernels: LayerKernels<Conv2dLayer> = {
  kind: 'conv2d',

  bind({ layer, samples, kernels, allocate, workspace, parameters: [weight, bias], ...at }) {
    const { inputs, outputs, kernel: size, stride, padding } = layer;
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const shape = asImage('A convolution', at.inputShape);
    const [, high, wide] = asImage('A convolution', at.outputShape);
    const windows = { image: shape, size, stride, padding, high, wide };
    const places = { outputs, windows, samples, kernels, allocate, workspace };
    const convolution = paysInTiles(places) ? byTiles(places) : byWindows(places);
    const { apply, applyBack, collect, arrangement } = convolution;
    const width = padded(outputs);
    const sums = workspace('sums', sumsRoom(width));
    const rows = new ArrangedKernel({
      kernels,
      outputs,
      inputs,
      size: size * size,
      ...arrangement,
      allocate,
    });
    const biases = new PaddedRows({ kernels, rows: 1, width: outputs, allocate });

    const collectBias = (slope: number, to: number, add: boolean): void =>
      kernels.sumColumns(slope, samples * output.rows, width, to, outputs, add ? 1 : 0, sums.pointer);

    return {
      forward() {
        const b = bias === undefined ? 0 : biases.load(bias.values);
        apply(input.pointer, rows.load(weight!.values), b, output.pointer, 0);
      },

      backward({ role, add, below }) {
        const slope = outputGradient.pointer;
        if (weight!.role === role) {
          collect(slope, input.pointer, rows.place(weight!.gradient), 0);
          rows.store(weight!.gradient, add);
        }
        if (bias?.role === role) collectBias(slope, bias.gradient, add);
        if (below) applyBack(slope, rows.place(weight!.values), inputGradient.pointer, 0);
      },

      // R{output} = R{weight} * input + R{bias} + weight * R{input}
      forwardTangent() {
        const to = outputTangent.pointer;
        const b = bias === undefined ? 0 : biases.load(bias.direction);
        apply(input.pointer, rows.load(weight!.direction), b, to, 0);
        if (inputTangent !== null) apply(inputTangent.pointer, rows.place(weight!.values), 0, to, 1);
      },

      backwardTangent({ role, add, below }) {
        const [slope, slopeTangent] = [outputGradient.pointer, outputGradientTangent.pointer];
        if (weight!.role === role) {
          const to = rows.place(weight!.product);
          collect(slopeTangent, input.pointer, to, 0);
          if (inputTangent !== null) collect(slope, inputTangent.pointer, to, 1);
          rows.store(weight!.product, add);
        }
        if (bias?.role === role) collectBias(slopeTangent, bias.product, add);
        if (below) {
          const to = inputGradientTangent.pointer;
          applyBack(slopeTangent, rows.place(weight!.values), to, 0);
          applyBack(slope, rows.place(weight!.direction), to, 1);
        }
      },
    };
  },
};
