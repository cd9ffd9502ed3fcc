import { madeBy } from '../../core/origin';
import { type Shape, sizeOf } from '../../core/shape';
import type { Layer } from '../layer';

export interface FlattenLayer extends Layer {
  readonly kind: 'flatten';
}

/** An image as one row of numbers: channel after channel, in each by rows. */
export function flatten(): FlattenLayer {
  return madeBy('src/network/layers/flatten', 'flatten', [], {
    kind: 'flatten',
    parameters: [],
    outputShape: (input: Shape) => [sizeOf(input)],
  });
}
