import type { DenseLayer } from '../../../network/layers/dense';
import type { LayerKernels } from '../layer-kernels';
import { columnRoom, fullRoom } from '../passes/packing-room';
import { PaddedRows } from '../passes/padded-rows';

/** From so many samples on, laying columns of weights out for the forward product costs less than it saves. */
const fewSamples = 4;
/** The other two products gain by packed operands from so many samples on, in layers of so many inputs and outputs. */
const manySamples = 32;
const wideLayer = 128;

/** output = weight input + bias. */
export const denseKernels: LayerKernels<DenseLayer> = {
  kind: 'dense',

  bind({ layer, samples, kernels, allocate, parameters: [weight, bias], ...at }) {
    const { inputs, outputs } = layer;
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const rows = new PaddedRows({ kernels, rows: outputs, width: inputs, allocate });
    const { stride } = rows;
    const packs = samples >= manySamples && Math.min(inputs, outputs) >= wideLayer;
    const byColumns = samples >= fewSamples && outputs >= 4;
    const room = byColumns ? allocate(packs ? fullRoom : columnRoom(inputs, outputs)).pointer : 0;
    const backRoom = packs ? room : 0;

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
        inputs,
        outputs,
        add,
        room,
      );

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
        backRoom,
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
        backRoom,
      );

    return {
      forward() {
        const w = rows.load(weight!.values);
        apply(input.pointer, w, bias?.values ?? 0, output.pointer, 0);
      },

      backward({ role, add, below }) {
        const slope = outputGradient.pointer;
        if (weight!.role === role) {
          collect(slope, input.pointer, rows.place(weight!.gradient), rows.addsInPlace(add));
          rows.store(weight!.gradient, add);
        }
        if (bias?.role === role) {
          kernels.sumRows(slope, output.stride, bias.gradient, samples, outputs, add ? 1 : 0);
        }
        if (below) applyBack(slope, rows.place(weight!.values), inputGradient.pointer, 0);
      },

      // R{output} = R{weight} input + R{bias} + weight R{input}
      forwardTangent() {
        const to = outputTangent.pointer;
        apply(input.pointer, rows.load(weight!.direction), bias?.direction ?? 0, to, 0);
        if (inputTangent !== null) apply(inputTangent.pointer, rows.place(weight!.values), 0, to, 1);
      },

      backwardTangent({ role, add, below }) {
        const [slope, slopeTangent] = [outputGradient.pointer, outputGradientTangent.pointer];
        if (weight!.role === role) {
          const to = rows.place(weight!.product);
          collect(slopeTangent, input.pointer, to, rows.addsInPlace(add));
          if (inputTangent !== null) collect(slope, inputTangent.pointer, to, 1);
          rows.store(weight!.product, add);
        }
        if (bias?.role === role) {
          kernels.sumRows(slopeTangent, output.stride, bias.product, samples, outputs, add ? 1 : 0);
        }
        if (below) {
          const to = inputGradientTangent.pointer;
          applyBack(slopeTangent, rows.place(weight!.values), to, 0);
          applyBack(slope, rows.place(weight!.direction), to, 1);
        }
      },
    };
  },
};
