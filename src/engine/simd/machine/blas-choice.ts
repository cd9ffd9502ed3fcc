import type { Convolutions } from './blas-convolutions';
import type { TileConvolutions } from './tile-convolutions';

/** Who multiplies large matrices: the bundled WebAssembly, or a BLAS library of the system. */
export const blasChoices = ['auto', 'system', 'wasm'] as const;
export type BlasChoice = (typeof blasChoices)[number];

type Twelve = [
  ...[number, number, number, number, number, number],
  ...[number, number, number, number, number, number],
];

/** A BLAS library that was found, bound to the shared memory. */
export interface SystemBlas {
  /** What the library says of itself. */
  readonly name: string;
  readonly multiplyAdd: (...given: [...Twelve, number]) => void;
  readonly multiplyTransposed: (...given: Twelve) => void;
  /** The products of convolutions, where they are wide. */
  readonly convolutions: Convolutions & TileConvolutions;
}
