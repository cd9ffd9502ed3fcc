/** The functions of `assembly/`, whose parameters are named there, and those of `tile-convolutions.ts`, in the order in which a program numbers them. */
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
    'squaredErrors',
    'softmax',
  ],
  ...['convolve', 'convolveBack', 'correlate', 'arrangeKernel', 'bringKernelBack', 'sumColumns'],
  ...['gatherWindows', 'scatterWindows'],
  ...['tilesOf', 'tilesBack', 'outputsOfTiles', 'outputsToTiles', 'tileWeights', 'weightsOfTiles'],
  ...['convolveTiles', 'convolveTilesBack', 'correlateTiles'],
  ...['flattenImages', 'unflattenImages', 'maxPool', 'maxPoolBack', 'maxPoolTangent'],
  ...['averagePool', 'averagePoolBack'],
  ...['moments', 'joinMoments', 'sumsAlong', 'joinSums', 'bringSums', 'normalise', 'project'],
  ...['transposeRows', 'addArrays', 'scaledDifference', 'clear', 'stableStep'],
  ...['relaxTanh', 'relaxRelu', 'relaxLinear', 'dyadicTanh', 'dyadicRelu', 'dyadicSquares', 'dyadicSoftmax'],
  ...['addTangents', 'tangentSums', 'projectTangent', 'momentsOf', 'noteMoments', 'runAlong'],
] as const;

/**
 * Takes pointers, counts and numbers; 0 for a pointer is "none", and 0 or 1 stand for false and true. Gives nothing back: a number
 * that a call gives is put on the heap, so that sums are stored where a pointer says.
 */
type Kernel = (...given: number[]) => void;

export type Kernels = Readonly<Record<(typeof kernelNames)[number], Kernel>>;
