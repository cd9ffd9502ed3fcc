import type { Network, ParameterBlock } from '../../src/network/network';

/** Mean lambda of the connections that come from one place: a pixel of the image, or a place in a kernel. */
export interface LambdaMap {
  /** Which layer, in words. */
  readonly title: string;
  readonly columns: number;
  /** [rows][columns] */
  readonly values: readonly number[];
}

/** Mean lambda of one array of parameters. */
export interface LambdaOfBlock {
  readonly layer: number;
  readonly kind: string;
  readonly parameter: string;
  readonly mean: number;
}

/** Mean lambda of each array of parameters, in the network's order. */
export function lambdaByBlock({ blocks, layers }: Network, lambda: Float64Array): LambdaOfBlock[] {
  return blocks.map(({ layer, spec, offset, size }) => ({
    layer,
    kind: layers[layer]!.kind,
    parameter: spec.name,
    mean: lambda.subarray(offset, offset + size).reduce((sum, value) => sum + value, 0) / size,
  }));
}

/** By pixel, where the first layer is connected to every one of a square image; by place in the kernel of each convolution. */
export function lambdaMaps({ blocks, layers }: Network, lambda: Float64Array): LambdaMap[] {
  const weights = blocks.filter(({ spec }) => spec.name === 'weight');
  const convolutions = weights.filter(({ layer }) => layers[layer]!.kind === 'conv2d');
  if (convolutions.length > 0) {
    return convolutions.map((block, i) => {
      const [, channels, rows, columns] = block.spec.shape as [number, number, number, number];
      const title = `convolution ${i + 1}, by place in the kernel`;
      return { title, columns, values: meanByPlace(block, lambda, rows * columns, channels) };
    });
  }
  const [first] = weights;
  if (first === undefined || first.layer !== 0) return [];
  const inputs = first.spec.shape.slice(1).reduce((product, length) => product * length, 1);
  const columns = Math.sqrt(inputs);
  if (!Number.isInteger(columns)) return [];
  return [{ title: 'first layer, by pixel', columns, values: meanByPlace(first, lambda, inputs, 1) }];
}

/** [places]: the mean over outputs and input channels of [outputs][channels][places]. */
function meanByPlace(
  { offset, size }: ParameterBlock,
  lambda: Float64Array,
  places: number,
  channels: number,
): number[] {
  const sums = new Float64Array(places);
  for (let i = 0; i < size; i++) sums[i % places]! += lambda[offset + i]!;
  const outputs = size / (places * channels);
  return Array.from(sums, (sum) => sum / (outputs * channels));
}
