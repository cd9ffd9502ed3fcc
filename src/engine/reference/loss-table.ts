import { z } from 'zod';
import { aFunction, validate } from '../../core/validate';
import type { Loss } from '../../network/loss';
import { ArithmeticTable } from './arithmetic-table';
import type { LossArithmetic } from './loss-arithmetic';
import { crossEntropyArithmetic } from './losses/cross-entropy';
import { mseArithmetic } from './losses/mse';

const losses = new ArithmeticTable<LossArithmetic>('loss', 'registerLossArithmetic', [
  mseArithmetic,
  crossEntropyArithmetic,
]);

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
  losses.add(arithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this loss. */
export function lossArithmetic({ kind }: Loss): LossArithmetic {
  return losses.of(kind);
}
