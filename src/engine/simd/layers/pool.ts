import { asImage } from '../../../network/image';
import type { PoolLayer } from '../../../network/layers/pool';
import type { LayerKernels } from '../layer-kernels';

/** How windows lie, as the kernels of pools take it. */
type Geometry = [
  rows: number,
  columns: number,
  width: number,
  size: number,
  stride: number,
  high: number,
  wide: number,
];

/** The largest number of each window; what reaches it goes to the first such. */
export const maxPoolKernels: LayerKernels<PoolLayer> = {
  kind: 'max-pool',
  readsOutput: true,

  bind({ layer, samples, kernels, inputShape, outputShape, input, output, ...at }) {
    const { outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const geometry = geometryOf(layer, inputShape, outputShape, input.stride);
    const back = (from: number, to: number): void =>
      kernels.maxPoolBack(input.pointer, ...geometry, output.pointer, from, to, samples);
    return {
      forward: () => kernels.maxPool(input.pointer, ...geometry, output.pointer, samples),
      backward({ below }) {
        if (below) back(outputGradient.pointer, inputGradient.pointer);
      },
      forwardTangent() {
        if (inputTangent === null) return;
        const [from, to] = [inputTangent.pointer, outputTangent.pointer];
        kernels.maxPoolTangent(input.pointer, ...geometry, output.pointer, from, to, samples);
      },
      backwardTangent({ below }) {
        if (below) back(outputGradientTangent.pointer, inputGradientTangent.pointer);
      },
    };
  },
};

/** The mean of each window. */
export const averagePoolKernels: LayerKernels<PoolLayer> = {
  kind: 'average-pool',

  bind({ layer, samples, kernels, inputShape, outputShape, input, output, ...at }) {
    const { outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const geometry = geometryOf(layer, inputShape, outputShape, input.stride);
    const apply = (from: number, to: number): void => kernels.averagePool(from, ...geometry, to, samples);
    const back = (from: number, to: number): void => kernels.averagePoolBack(from, ...geometry, to, samples);
    return {
      forward: () => apply(input.pointer, output.pointer),
      backward({ below }) {
        if (below) back(outputGradient.pointer, inputGradient.pointer);
      },
      forwardTangent() {
        if (inputTangent !== null) apply(inputTangent.pointer, outputTangent.pointer);
      },
      backwardTangent({ below }) {
        if (below) back(outputGradientTangent.pointer, inputGradientTangent.pointer);
      },
    };
  },
};

function geometryOf(
  { kind, size, stride }: PoolLayer,
  inputShape: readonly number[],
  outputShape: readonly number[],
  width: number,
): Geometry {
  const [, rows, columns] = asImage(kind, inputShape);
  const [, high, wide] = asImage(kind, outputShape);
  return [rows, columns, width, size, stride, high, wide];
}
