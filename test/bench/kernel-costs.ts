import type { kernelNames } from '../../src/engine/simd/machine/kernels';

/** What the time of a step is told apart by. */
export const parts = ['products', 'activations', 'loss', 'sums and copies', 'rule'] as const;
export type Part = (typeof parts)[number];

/** What one call of a kernel has to do at least. */
export interface KernelCost {
  readonly part: Part;
  /** Additions, multiplications and the like; exp and tanh count as one. */
  operations(given: readonly number[]): number;
  /** Numbers of float32 that it reads or writes: each array once, whatever a cache keeps. */
  numbers(given: readonly number[]): number;
}

/** [rows][depth] times [depth][width]: 2 rows depth width operations; reads both, writes the product. */
const product = (rows: number, depth: number, width: number): KernelCost => ({
  part: 'products',
  operations: (given) => 2 * given[rows]! * given[depth]! * given[width]!,
  numbers: (given) =>
    given[rows]! * given[depth]! + given[depth]! * given[width]! + given[rows]! * given[width]!,
});

/** So many operations on each number, and so many arrays as long. */
const each = (part: Part, operations: number, arrays: number, count: number): KernelCost => ({
  part,
  operations: (given) => operations * given[count]!,
  numbers: (given) => arrays * given[count]!,
});

/** The same for rows of numbers. */
const rowsOf = (part: Part, operations: number, arrays: number, rows: number, width: number): KernelCost => ({
  part,
  operations: (given) => operations * given[rows]! * given[width]!,
  numbers: (given) => arrays * given[rows]! * given[width]!,
});

/** Where a convolution's kernel takes what. */
interface ConvolutionPlaces {
  readonly images: number;
  readonly windows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly samples: number;
}

/** Each output of each window multiplies all its numbers; images and outputs are read or written once, whatever windows they lie in. */
const convolution = ({ images, windows, columns, outputs, samples }: ConvolutionPlaces): KernelCost => ({
  part: 'products',
  operations: (given) => 2 * given[samples]! * given[windows]! * given[columns]! * given[outputs]!,
  numbers: (given) =>
    given[samples]! * (given[images]! + given[windows]! * given[outputs]!) +
    given[columns]! * given[outputs]!,
});

/** As many products as a tile of Winograd's has numbers, whatever the transforms cost. */
const tiled = (samples: number): KernelCost => ({
  part: 'products',
  operations: (given) => 2 * 16 * given[samples]! * given[5]! * given[8]! * given[9]!,
  numbers: (given) =>
    given[samples]! * (given[4]! + given[6]! * given[7]! * given[9]!) + 9 * given[8]! * given[9]!,
});

/** What moves no more than some sums, or is part of another kernel's cost. */
const none: KernelCost = { part: 'sums and copies', operations: () => 0, numbers: () => 0 };

/** Weights of a convolution, from one order to another. */
const kernelCopies: KernelCost = { ...none, numbers: (given) => 2 * given[1]! * given[2]! * given[3]! };

/** A pool, whose images are read or written once, and its windows: one operation a number of a window. */
const pool = (samples: number): KernelCost => ({
  part: 'activations',
  operations: (given) => given[samples]! * given[3]! * given[6]! * given[7]! * given[4]! ** 2,
  numbers: (given) => given[samples]! * given[3]! * (given[1]! * given[2]! + given[6]! * given[7]!),
});

/** By the places of the kernels' parameters in `src/engine/simd/assembly`. A kernel that is missing here does not compile. */
export const kernelCosts: Readonly<Record<(typeof kernelNames)[number], KernelCost>> = {
  multiplyAdd: product(8, 9, 10),
  multiplyTransposed: product(7, 8, 9),
  copyRows: rowsOf('sums and copies', 0, 2, 4, 5),
  addRows: rowsOf('sums and copies', 1, 3, 4, 5),
  sumRows: rowsOf('sums and copies', 1, 1, 3, 4),
  scale: each('sums and copies', 1, 2, 2),
  relu: each('activations', 1, 2, 2),
  reluSlope: each('activations', 1, 3, 3),
  tanhOf: each('activations', 1, 2, 2),
  tanhSlope: each('activations', 3, 3, 3),
  tanhCurve: each('activations', 7, 5, 5),
  modulate: rowsOf('activations', 2, 2, 4, 5),
  sumProducts: rowsOf('activations', 2, 2, 3, 4),
  squaredErrors: each('loss', 4, 3, 3),
  softmax: rowsOf('loss', 4, 2, 3, 5),
  crossEntropyGradient: rowsOf('loss', 2, 2, 2, 3),
  softmaxTangent: rowsOf('loss', 4, 3, 2, 3),
  convolve: convolution({ images: 4, windows: 5, columns: 7, outputs: 10, samples: 11 }),
  convolveBack: convolution({ images: 4, windows: 5, columns: 7, outputs: 8, samples: 11 }),
  correlate: convolution({ images: 6, windows: 7, columns: 9, outputs: 4, samples: 11 }),
  arrangeKernel: kernelCopies,
  bringKernelBack: kernelCopies,
  sumColumns: rowsOf('sums and copies', 1, 1, 1, 2),
  gatherWindows: none,
  scatterWindows: none,
  convolveTiles: tiled(12),
  convolveTilesBack: tiled(11),
  correlateTiles: tiled(11),
  tilesOf: none,
  tilesBack: none,
  outputsOfTiles: none,
  outputsToTiles: none,
  tileWeights: none,
  weightsOfTiles: none,
  flattenImages: { ...none, numbers: (given) => 2 * given[1]! * given[2]! * given[6]! },
  unflattenImages: { ...none, numbers: (given) => 2 * given[3]! * given[4]! * given[6]! },
  maxPool: pool(9),
  maxPoolBack: pool(11),
  maxPoolTangent: pool(11),
  averagePool: pool(9),
  averagePoolBack: pool(9),
  moments: rowsOf('activations', 4, 1, 1, 2),
  joinMoments: none,
  momentsOf: none,
  noteMoments: none,
  runAlong: none,
  sumsAlong: rowsOf('activations', 4, 2, 3, 4),
  joinSums: none,
  bringSums: none,
  normalise: rowsOf('activations', 3, 2, 5, 6),
  project: rowsOf('activations', 5, 3, 6, 7),
  transposeRows: rowsOf('sums and copies', 0, 2, 4, 5),
  addArrays: each('sums and copies', 1, 3, 3),
  scaledDifference: each('sums and copies', 2, 3, 3),
  clear: each('sums and copies', 0, 1, 1),
  // Some twenty products with the weights and as many with their transposes.
  stableStep: rowsOf('products', 80, 1, 1, 2),
  relaxTanh: each('activations', 14, 9, 8),
  relaxRelu: each('activations', 8, 7, 7),
  relaxLinear: each('activations', 4, 5, 5),
  dyadicTanh: each('activations', 12, 5, 5),
  dyadicRelu: each('activations', 8, 4, 4),
  dyadicSquares: each('loss', 5, 4, 4),
  dyadicSoftmax: rowsOf('loss', 40, 3, 4, 6),
  addTangents: rowsOf('activations', 4, 3, 5, 6),
  tangentSums: rowsOf('activations', 9, 4, 6, 7),
  projectTangent: rowsOf('activations', 20, 5, 11, 12),
};

/**
 * The rule of an inner step, on one synapse. Pull and its sum of squares: g += lambda (phi - omega), s += g g; Nesterov:
 * m = mu m + g, phi -= rate (g + mu m). Reads phi, gradient, momentum, omega, lambda; writes phi, momentum.
 */
export const ruleCost = { operations: 3 + 2 + 2 + 4, numbers: 5 + 2 };
