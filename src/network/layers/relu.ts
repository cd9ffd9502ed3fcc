import { madeBy } from '../../core/origin';
import type { Layer } from '../layer';

export interface ReluLayer extends Layer {
  readonly kind: 'relu';
}

/** The positive part of each unit; its derivative at 0 is taken as 0. */
export function relu(): ReluLayer {
  return madeBy('src/network/layers/relu', 'relu', [], {
    kind: 'relu',
    parameters: [],
    outputShape: (input) => input,
  });
}
