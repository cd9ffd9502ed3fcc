import { activationKernels } from './activation';

/** output = max(0, input). */
export const reluKernels = activationKernels({ kind: 'relu', apply: 'relu', slope: 'reluSlope' });
