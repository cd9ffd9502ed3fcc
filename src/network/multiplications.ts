import { sizeOf } from '../core/shape';
import type { Network } from './network';

/**
 * About how many multiplications one sample takes on its way through a network: each parameter of either role counts as often as its unit stands
 * in the layer's output, that of a dense layer once, that of a convolution once a pixel.
 */
export function multiplications(network: Network): number {
  return [...network.blocks, ...network.meta.blocks]
    .map(({ layer, spec, size }) => (size * sizeOf(network.shapes[layer + 1]!)) / (spec.shape[0] ?? 1))
    .reduce((sum, of) => sum + of, 0);
}
