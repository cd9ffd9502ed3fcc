import type { DenseLayer } from '../../../network/layers/dense';
import type { LayerKernels } from '../layer-kernels';
import { PaddedRows } from '../padded-rows';

/**
 * Products are faster with weights laid out anew for them, [inputs][outputs], than by sums along rows of weights, each of which
 * ends in a sum over four lanes. It pays where that end weighs much, with up to so many inputs, or where there are at least
 * so many samples to share the work of laying out.
 */
const fewInputs = 64;
const manySamples = 64;

/** output = weight input + bias. */
export const denseKernels: LayerKernels<DenseLayer> = {
  kind: 'dense',

  bind({ layer, samples, kernels, allocate, parameters: [weight, bias], ...at }) {
    const { inputs, outputs } = layer;
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const rows = new PaddedRows({ kernels, rows: outputs, width: inputs, allocate });
    const { stride } = rows;
    const biases = new PaddedRows({ kernels, rows: 1, width: outputs, allocate });
    const pays = outputs >= 4 && (inputs <= fewInputs || samples >= manySamples);
    // Rows at a power of two from each other would crowd in a few places of the cache.
    const columnStride = output.stride + 16;
    const columns = pays ? allocate(inputs * columnStride).pointer : null;

    /** to = x w^T + b, or added to it. */
    const apply = (x: number, w: number, b: number, to: number, add: number): void =>
      kernels.multiplyTransposed(
        x,
        input.stride,
        w,
        stride,
        b,
        to,
        output.stride,
        samples,
        stride,
        outputs,
        add,
      );

    /** output = x w^T + b, by columns of w. */
    const applyColumns = (to: number): void => {
      kernels.transposeRows(weight!.values, inputs, to, columnStride, outputs, inputs);
      const start = bias === undefined ? 0 : biases.load(bias.values);
      kernels.multiplyAdd(
        input.pointer,
        input.stride,
        1,
        to,
        columnStride,
        start,
        output.pointer,
        output.stride,
        samples,
        inputs,
        output.stride,
        0,
      );
    };

    /** to = slope w: what reaches the inputs. */
    const applyBack = (slope: number, w: number, to: number, add: number): void =>
      kernels.multiplyAdd(
        slope,
        output.stride,
        1,
        w,
        stride,
        0,
        to,
        input.stride,
        samples,
        outputs,
        stride,
        add,
      );

    /** Outer products of slopes and inputs, summed over samples. */
    const collect = (slope: number, x: number, to: number, add: number): void =>
      kernels.multiplyAdd(
        slope,
        1,
        output.stride,
        x,
        input.stride,
        0,
        to,
        stride,
        outputs,
        samples,
        stride,
        add,
      );

    return {
      forward() {
        const w = rows.load(weight!.values);
        if (columns !== null) applyColumns(columns);
        else apply(input.pointer, w, bias?.values ?? 0, output.pointer, 0);
      },

      backward(add) {
        const slope = outputGradient.pointer;
        if (weight!.gradient !== 0) {
          collect(slope, input.pointer, rows.place(weight!.gradient), rows.addsInPlace(add));
          rows.store(weight!.gradient, add);
        }
        if (bias !== undefined && bias.gradient !== 0) {
          kernels.sumRows(slope, output.stride, bias.gradient, samples, outputs, add ? 1 : 0);
        }
        if (inputGradient !== null) applyBack(slope, rows.place(weight!.values), inputGradient.pointer, 0);
      },

      // R{output} = R{weight} input + R{bias} + weight R{input}
      forwardTangent() {
        const to = outputTangent.pointer;
        apply(input.pointer, rows.load(weight!.direction), bias?.direction ?? 0, to, 0);
        if (inputTangent !== null) apply(inputTangent.pointer, rows.place(weight!.values), 0, to, 1);
      },

      backwardTangent(add) {
        const [slope, slopeTangent] = [outputGradient.pointer, outputGradientTangent.pointer];
        if (weight!.product !== 0) {
          const to = rows.place(weight!.product);
          collect(slopeTangent, input.pointer, to, rows.addsInPlace(add));
          if (inputTangent !== null) collect(slope, inputTangent.pointer, to, 1);
          rows.store(weight!.product, add);
        }
        if (bias !== undefined && bias.product !== 0) {
          kernels.sumRows(slopeTangent, output.stride, bias.product, samples, outputs, add ? 1 : 0);
        }
        if (inputGradientTangent !== null) {
          const to = inputGradientTangent.pointer;
          applyBack(slopeTangent, rows.place(weight!.values), to, 0);
          applyBack(slope, rows.place(weight!.direction), to, 1);
        }
      },
    };
  },
};
