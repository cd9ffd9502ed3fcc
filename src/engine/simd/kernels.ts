/** Kernels that give a loss's sum over samples. */
export const lossNames = ['squaredErrors', 'softmax'] as const;

/** The functions of `assembly/`, whose parameters are named there, in the order in which a program numbers them. */
export const kernelNames = [
  ...['multiplyAdd', 'multiplyTransposed', 'copyRows', 'addRows', 'sumRows', 'scale', 'relu', 'reluSlope'],
  ...[
    'tanhOf',
    'tanhSlope',
    'tanhCurve',
    'modulate',
    'sumProducts',
    'crossEntropyGradient',
    'softmaxTangent',
  ],
  ...lossNames,
] as const;

type LossName = (typeof lossNames)[number];

/** Takes pointers, counts and numbers; 0 for a pointer is "none", and 0 or 1 stand for false and true. */
type Kernel<Result> = (...given: number[]) => Result;

export type Kernels = {
  readonly [name in (typeof kernelNames)[number]]: Kernel<name extends LossName ? number : void>;
};
