import { madeBy } from '../../core/origin';
import type { Layer } from '../layer';

export interface TanhLayer extends Layer {
  readonly kind: 'tanh';
}

/** The hyperbolic tangent of each unit. */
export function tanh(): TanhLayer {
  return madeBy('src/network/layers/tanh', 'tanh', [], {
    kind: 'tanh',
    parameters: [],
    outputShape: (input) => input,
  });
}
