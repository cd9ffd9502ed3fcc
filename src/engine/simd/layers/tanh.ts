import type { TanhLayer } from '../../../network/layers/tanh';
import { activationKernels } from './activation';

/** output = tanh(input), with derivative 1 - output^2. */
export const tanhKernels = activationKernels<TanhLayer>({
  kind: 'tanh',
  apply: 'tanhOf',
  slope: 'tanhSlope',
  curve: 'tanhCurve',
});
