import type { PoolLayer } from '../../../network/layers/pool';
import type { LayerArithmetic, LayerPass } from '../layer-arithmetic';

type Shapes = Pick<LayerPass<PoolLayer>, 'layer' | 'samples' | 'inputShape' | 'outputShape'>;

/** Every window: its output, and its first input. */
function eachWindow(
  { layer: { stride }, samples, inputShape, outputShape }: Shapes,
  window: (output: number, first: number) => void,
): void {
  const [channels, height, width] = inputShape as [number, number, number];
  const [, rows, columns] = outputShape as [number, number, number];
  let output = 0;
  for (let image = 0; image < samples * channels; image++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) window(output++, (image * height + y * stride) * width + x * stride);
    }
  }
}

/** A pool is linear in its input once it is known what each output takes of its window: tangents are moved as values are. */
function linearPool(
  kind: PoolLayer['kind'],
  /** to[output] from the window of `from`; what is taken is decided by `input`. */
  take: (pass: Shapes, input: Float64Array, from: Float64Array, to: Float64Array) => void,
  /** The transpose: to += what each output hands back of `from`. */
  give: (pass: Shapes, input: Float64Array, from: Float64Array, to: Float64Array) => void,
): LayerArithmetic<PoolLayer> {
  return {
    kind,
    forward: (pass) => take(pass, pass.input, pass.input, pass.output),
    backward(pass) {
      if (pass.inputGradient === null) return;
      pass.inputGradient.fill(0);
      give(pass, pass.input, pass.outputGradient, pass.inputGradient);
    },
    forwardTangent: (pass) => take(pass, pass.input, pass.inputTangent, pass.outputTangent),
    backwardTangent(pass) {
      if (pass.inputGradientTangent === null) return;
      pass.inputGradientTangent.fill(0);
      give(pass, pass.input, pass.outputGradientTangent, pass.inputGradientTangent);
    },
  };
}

/** The place of a window's largest number: the first of equal ones by rows; the first NaN, where there is one. */
function largest({ layer: { size }, inputShape }: Shapes, input: Float64Array, first: number): number {
  const width = inputShape[2]!;
  let found = first;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = first + i * width + j;
      if (Number.isNaN(input[at])) return at;
      if (input[at]! > input[found]!) found = at;
    }
  }
  return found;
}

/** The largest number of each window. */
export const maxPoolArithmetic = linearPool(
  'max-pool',
  (pass, input, from, to) =>
    eachWindow(pass, (output, first) => {
      to[output] = from[largest(pass, input, first)]!;
    }),
  (pass, input, from, to) =>
    eachWindow(pass, (output, first) => {
      to[largest(pass, input, first)]! += from[output]!;
    }),
);

/** The mean of each window. */
export const averagePoolArithmetic = linearPool(
  'average-pool',
  (pass, _input, from, to) => {
    const { size } = pass.layer;
    const width = pass.inputShape[2]!;
    eachWindow(pass, (output, first) => {
      let sum = 0;
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += from[first + i * width + j]!;
      to[output] = sum / (size * size);
    });
  },
  (pass, _input, from, to) => {
    const { size } = pass.layer;
    const width = pass.inputShape[2]!;
    eachWindow(pass, (output, first) => {
      const share = from[output]! / (size * size);
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) to[first + i * width + j]! += share;
    });
  },
);
