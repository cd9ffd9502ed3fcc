import type { Layer } from '../../../network/layer';
import type { LayerKernels } from '../layer-kernels';
import type { Kernels } from '../machine/kernels';

interface Activation<L extends Layer> {
  readonly kind: L['kind'];
  /** output from input: (input, output, count). */
  readonly apply: keyof Kernels;
  /** What reaches the input of what reaches the output, where the derivative follows from the output: (output, from, to, count). */
  readonly slope: keyof Kernels;
  /** The tangent of that, where the derivative bends: (output, outputTangent, slope, slopeTangent, to, count). */
  readonly curve?: keyof Kernels;
}

/** The kernels of a layer that treats each number by itself. */
export function activationKernels<L extends Layer>({
  kind,
  apply,
  slope,
  curve,
}: Activation<L>): LayerKernels<L> {
  return {
    kind,
    inPlace: true,
    bind({ samples, kernels, ...at }) {
      const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
      const { outputGradientTangent, inputGradientTangent } = at;
      const count = samples * output.rows * output.stride;
      return {
        forward() {
          kernels[apply](input.pointer, output.pointer, count);
        },
        backward({ below }) {
          if (!below) return;
          kernels[slope](output.pointer, outputGradient.pointer, inputGradient.pointer, count);
        },
        // At the network's input nothing moves, and the tangent stays 0.
        forwardTangent() {
          if (inputTangent === null) return;
          kernels[slope](output.pointer, inputTangent.pointer, outputTangent.pointer, count);
        },
        backwardTangent({ below }) {
          if (!below) return;
          const [from, to] = [outputGradientTangent.pointer, inputGradientTangent.pointer];
          if (curve === undefined) kernels[slope](output.pointer, from, to, count);
          else kernels[curve](output.pointer, outputTangent.pointer, outputGradient.pointer, from, to, count);
        },
      };
    },
  };
}
