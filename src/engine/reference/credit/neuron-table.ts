import { z } from 'zod';
import { aFunction, validate } from '../../../core/validate';
import type { Credit } from '../../../network/credit/credit';
import { ArithmeticTable } from '../arithmetic-table';
import { activityArithmetic } from './activity';
import { dualArithmetic } from './dual';
import { equilibriumArithmetic } from './equilibrium';
import type { NeuronArithmetic } from './neuron-dynamics';
import { directFeedbackArithmetic, feedbackAlignmentArithmetic } from './random-feedback';

const arithmetics = new ArithmeticTable<NeuronArithmetic>(
  'source of credit',
  'registerNeuronArithmetic',
  [
    equilibriumArithmetic as unknown as NeuronArithmetic,
    dualArithmetic as unknown as NeuronArithmetic,
    feedbackAlignmentArithmetic as unknown as NeuronArithmetic,
    directFeedbackArithmetic as unknown as NeuronArithmetic,
    activityArithmetic as unknown as NeuronArithmetic,
  ],
  ['backprop'],
);

const neuronArithmeticSchema = z.looseObject({ kind: z.string().min(1), open: aFunction() });

/**
 * Adds what neurons do for a source of credit to the reference engine. A source of a user's own calls this once.
 * @throws InputError where a part of it is missing.
 */
export function registerNeuronArithmetic<C extends Credit>(arithmetic: NeuronArithmetic<C>): void {
  validate(neuronArithmeticSchema, arithmetic, 'the arithmetic of a source of credit');
  arithmetics.add(arithmetic as unknown as NeuronArithmetic);
}

/** @throws InputError where the reference engine has no arithmetic for this source of credit. */
export function neuronArithmetic({ kind }: Credit): NeuronArithmetic {
  return arithmetics.of(kind);
}
