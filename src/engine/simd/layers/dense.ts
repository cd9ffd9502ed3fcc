import type { DenseLayer } from '../../../network/layers/dense';
import type { LayerKernels } from '../layer-kernels';
import { DenseProducts } from '../passes/dense-products';
import { PaddedRows } from '../passes/padded-rows';

/** output = weight input + bias. */
export const denseKernels: LayerKernels<DenseLayer> = {
  kind: 'dense',

  bind({ layer, samples, kernels, allocate, parameters: [weight, bias], ...at }) {
    const { inputs, outputs } = layer;
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const rows = new PaddedRows({ kernels, rows: outputs, width: inputs, allocate });
    const products = new DenseProducts({ kernels, samples, inputs, outputs, allocate });

    return {
      forward() {
        const w = rows.load(weight!.values);
        products.apply(input.pointer, w, bias?.values ?? 0, output.pointer, 0);
      },

      backward({ role, add, below }) {
        const slope = outputGradient.pointer;
        if (weight!.role === role) {
          products.collect(slope, input.pointer, rows.place(weight!.gradient), rows.addsInPlace(add));
          rows.store(weight!.gradient, add);
        }
        if (bias?.role === role) {
          kernels.sumRows(slope, output.stride, bias.gradient, samples, outputs, add ? 1 : 0);
        }
        if (below) products.applyBack(slope, rows.place(weight!.values), inputGradient.pointer, 0);
      },

      // R{output} = R{weight} input + R{bias} + weight R{input}
      forwardTangent() {
        const to = outputTangent.pointer;
        products.apply(input.pointer, rows.load(weight!.direction), bias?.direction ?? 0, to, 0);
        if (inputTangent !== null) products.apply(inputTangent.pointer, rows.place(weight!.values), 0, to, 1);
      },

      backwardTangent({ role, add, below }) {
        const [slope, slopeTangent] = [outputGradient.pointer, outputGradientTangent.pointer];
        if (weight!.role === role) {
          const to = rows.place(weight!.product);
          products.collect(slopeTangent, input.pointer, to, rows.addsInPlace(add));
          if (inputTangent !== null) products.collect(slope, inputTangent.pointer, to, 1);
          rows.store(weight!.product, add);
        }
        if (bias?.role === role) {
          kernels.sumRows(slopeTangent, output.stride, bias.product, samples, outputs, add ? 1 : 0);
        }
        if (below) {
          const to = inputGradientTangent.pointer;
          products.applyBack(slopeTangent, rows.place(weight!.values), to, 0);
          products.applyBack(slope, rows.place(weight!.direction), to, 1);
        }
      },
    };
  },
};
