import type { ModulationLayer } from '../../../network/layers/modulation';
import type { LayerKernels } from '../layer-kernels';
import { neuronRows } from '../passes/neuron-rows';

/** output = gain input + threshold, neuron by neuron. */
export const modulationKernels: LayerKernels<ModulationLayer> = {
  kind: 'modulation',

  bind({ samples, kernels, allocate, parameters: [gain, threshold], ...at }) {
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const row = neuronRows({ kernels, layout: input, allocate });
    /** Numbers of one sample. */
    const stride = output.rows * output.stride;

    /** What reaches the thresholds: the sum of slopes over samples. */
    const collect = (slope: number, to: number, add: boolean): void => {
      kernels.sumRows(slope, stride, row.place(to), samples, stride, row.addsInPlace(add));
      row.store(to, add);
    };
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
          collect(slope, threshold!.gradient, add);
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
          collect(slopeTangent, threshold!.product, add);
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
