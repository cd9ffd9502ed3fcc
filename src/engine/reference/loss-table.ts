import { z } from 'zod';
import { InputError } from '../../core/errors';
import { aFunction, validate } from '../../core/validate';
import type { Loss } from '../../network/loss';
import type { LossArithmetic } from './loss-arithmetic';
import { crossEntropyArithmetic } from './losses/cross-entropy';
import { mseArithmetic } from './losses/mse';

const losses = new Map<string, LossArithmetic>();

const lossArithmeticSchema = z.looseObject({
  kind: z.string().min(1),
  forward: aFunction(),
  gradientTangent: aFunction(),
});

/**
 * Adds the arithmetic of a loss to the reference engine.
 * @throws InputError where a part of it is missing.
 */
export function registerLossArithmetic(arithmetic: LossArithmetic): void {
  validate(lossArithmeticSchema, arithmetic, 'the arithmetic of a loss');
  losses.set(arithmetic.kind, arithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this loss. */
export function lossArithmetic({ kind }: Loss): LossArithmetic {
  const arithmetic = losses.get(kind);
  if (arithmetic !== undefined) return arithmetic;
  throw new InputError({
    what: 'The reference engine has no arithmetic for this loss',
    got: kind,
    legal: [...losses.keys()].join(', '),
    advice: 'Give it one with registerLossArithmetic',
  });
}

registerLossArithmetic(crossEntropyArithmetic);
registerLossArithmetic(mseArithmetic);
