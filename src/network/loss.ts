import { hasFields, made } from '../core/validate';

/** A loss as a description: its name, and what its targets are. Engines hold its arithmetic. */
export interface Loss {
  readonly kind: string;
  /** `values`: as many targets as outputs. `classes`: one class index a sample. */
  readonly targets: 'values' | 'classes';
}

/** Mean over samples and outputs of (prediction - target)^2; no factor 1/2. */
export const mse: Loss = { kind: 'mse', targets: 'values' };

/** Mean over samples of -log softmax(outputs)[class]. */
export const crossEntropy: Loss = { kind: 'cross-entropy', targets: 'classes' };

/** Losses, of the library's or of a user's own. */
export const lossSchema = made<Loss>(
  'a loss: mse or crossEntropy, or a description of your own',
  (value) => hasFields(value, { kind: 'string' }) && ['values', 'classes'].includes((value as Loss).targets),
);
