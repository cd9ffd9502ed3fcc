import { z } from 'zod';
import { InputError } from '../../../core/errors';
import { aFunction, validate } from '../../../core/validate';
import type { Credit } from '../../../network/credit/credit';
import { dualArithmetic } from './dual';
import { equilibriumArithmetic } from './equilibrium';
import type { NeuronArithmetic } from './neuron-dynamics';
import { directFeedbackArithmetic, feedbackAlignmentArithmetic } from './random-feedback';

const arithmetics = new Map<string, NeuronArithmetic>();

const neuronArithmeticSchema = z.looseObject({ kind: z.string().min(1), open: aFunction() });

/**
 * Adds what neurons do for a source of credit to the reference engine. A source of a user's own calls this once.
 * @throws InputError where a part of it is missing.
 */
export function registerNeuronArithmetic<C extends Credit>(arithmetic: NeuronArithmetic<C>): void {
  validate(neuronArithmeticSchema, arithmetic, 'the arithmetic of a source of credit');
  arithmetics.set(arithmetic.kind, arithmetic as unknown as NeuronArithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this source of credit. */
export function neuronArithmetic({ kind }: Credit): NeuronArithmetic {
  const arithmetic = arithmetics.get(kind);
  if (arithmetic !== undefined) return arithmetic;
  throw new InputError({
    what: 'The reference engine has no arithmetic for this source of credit',
    got: kind,
    legal: ['backprop', ...arithmetics.keys()].join(', '),
    advice: 'Give it one with registerNeuronArithmetic',
  });
}

registerNeuronArithmetic(equilibriumArithmetic);
registerNeuronArithmetic(dualArithmetic);
registerNeuronArithmetic(feedbackAlignmentArithmetic);
registerNeuronArithmetic(directFeedbackArithmetic);
