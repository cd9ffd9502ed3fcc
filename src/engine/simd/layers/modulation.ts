import type { ModulationLayer } from '../../../network/layers/modulation';
import type { LayerKernels } from '../layer-kernels';
import { PaddedRows } from '../passes/padded-rows';

/** output = gain input + threshold, neuron by neuron. */
export const modulationKernels: LayerKernels<ModulationLayer> = {
  kind: 'modulation',

  bind({ layer: { neurons }, samples, kernels, allocate, parameters: [gain, threshold], ...at }) {
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const row = new PaddedRows({ kernels, rows: 1, width: neurons, allocate });
    const { stride } = output;
    return {
      forward() {
        const [g, t] = [row.load(gain!.values), row.load(threshold!.values)];
        kernels.modulate(g, t, input.pointer, output.pointer, samples, stride, 0);
      },

      backward({ role, add, below }) {
        const slope = outputGradient.pointer;
        if (gain!.role === role) {
          const to = row.place(gain!.gradient);
          kernels.sumProducts(slope, input.pointer, to, samples, stride, row.addsInPlace(add));
          row.store(gain!.gradient, add);
        }
        if (threshold!.role === role) {
          kernels.sumRows(slope, stride, threshold!.gradient, samples, neurons, add ? 1 : 0);
        }
        if (below) {
          kernels.modulate(row.place(gain!.values), 0, slope, inputGradient.pointer, samples, stride, 0);
        }
      },

      // R{output} = R{gain} input + R{threshold} + gain R{input}
      forwardTangent() {
        const [g, t] = [row.load(gain!.direction), row.load(threshold!.direction)];
        const to = outputTangent.pointer;
        kernels.modulate(g, t, input.pointer, to, samples, stride, 0);
        if (inputTangent !== null) {
          kernels.modulate(row.place(gain!.values), 0, inputTangent.pointer, to, samples, stride, 1);
        }
      },

      backwardTangent({ role, add, below }) {
        const [slope, slopeTangent] = [outputGradient.pointer, outputGradientTangent.pointer];
        if (gain!.role === role) {
          const to = row.place(gain!.product);
          kernels.sumProducts(slopeTangent, input.pointer, to, samples, stride, row.addsInPlace(add));
          if (inputTangent !== null) kernels.sumProducts(slope, inputTangent.pointer, to, samples, stride, 1);
          row.store(gain!.product, add);
        }
        if (threshold!.role === role) {
          kernels.sumRows(slopeTangent, stride, threshold!.product, samples, neurons, add ? 1 : 0);
        }
        if (below) {
          const to = inputGradientTangent.pointer;
          kernels.modulate(row.place(gain!.values), 0, slopeTangent, to, samples, stride, 0);
          kernels.modulate(row.place(gain!.direction), 0, slope, to, samples, stride, 1);
        }
      },
    };
  },
};
