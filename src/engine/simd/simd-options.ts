import { z } from 'zod';
import { validate } from '../../core/validate';
import { type BlasChoice, blasChoices } from './machine/blas-choice';

/** Settings of the engine `simd`. */
export interface SimdOptions {
  /** Who multiplies large matrices. `wasm` gives the same bits on every machine. Default `auto`: the system's BLAS, if any. */
  readonly blas?: BlasChoice;
}

const simdOptions = z.strictObject({ blas: z.enum(blasChoices).optional() });

/** @throws InputError where an option is unknown or not legal. */
export function checkSimdOptions(options: SimdOptions): void {
  validate(simdOptions, options, 'the options of the engine simd');
}
