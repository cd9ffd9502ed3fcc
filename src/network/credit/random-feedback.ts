import { z } from 'zod';
import { madeBy } from '../../core/origin';
import { validate } from '../../core/validate';
import type { Rule } from '../../synapse/rule';
import { feedbackCreditRule } from '../../synapse/rules/credit';
import type { Credit } from './credit';
import { creditRule } from './credit-rule';

export interface RandomFeedbackCredit extends Credit {
  readonly kind: 'feedback-alignment' | 'direct-feedback';
  readonly seed: number;
}

/** What `feedbackAlignment` and `directFeedback` make. */
export const randomFeedbackSchema = z.looseObject({
  kind: z.enum(['feedback-alignment', 'direct-feedback']),
  seed: z.int().min(0),
});

/** Settings of random feedback. */
export interface RandomFeedbackOptions {
  /** Root seed of the feedback weights, which are drawn from its stream `feedback`. Default 0. */
  readonly seed?: number;
  /** What a synapse makes of its neurons' activity (`pre`, `post`, `error`). Default: error times pre. */
  readonly rule?: Rule;
}

/** The settings, as a schema. */
const randomFeedbackOptions = z.strictObject({
  seed: z.int().min(0).default(0),
  rule: creditRule,
});

/**
 * Feedback alignment (Lillicrap et al. 2016): errors come down by fixed random weights in place of the transposed forward ones,
 * error_l = f'(s_l) B_(l+1) error_(l+1), each B drawn as its W is.
 * @throws InputError where an option is not legal.
 */
export function feedbackAlignment(options: RandomFeedbackOptions = {}): RandomFeedbackCredit {
  const credit = withFeedback(
    'feedback-alignment',
    validate(randomFeedbackOptions, options, 'the options of feedbackAlignment'),
  );
  return madeBy('src/network/credit/random-feedback', 'feedbackAlignment', [options], credit);
}

/**
 * Direct feedback alignment (Nokland 2016): the error of the outputs comes to every neuron by fixed random weights, error_l = f'(s_l) B_l error_L, each uniform
 * in +-1/sqrt(outputs).
 * @throws InputError where an option is not legal.
 */
export function directFeedback(options: RandomFeedbackOptions = {}): RandomFeedbackCredit {
  const credit = withFeedback(
    'direct-feedback',
    validate(randomFeedbackOptions, options, 'the options of directFeedback'),
  );
  return madeBy('src/network/credit/random-feedback', 'directFeedback', [options], credit);
}

function withFeedback(
  kind: RandomFeedbackCredit['kind'],
  { rule = feedbackCreditRule, seed }: z.output<typeof randomFeedbackOptions>,
): RandomFeedbackCredit {
  return {
    kind,
    seed,
    rule,
    activities: { pre: ['pre'], post: ['post', 'error'] },
    numbers: {},
    settles: false,
  };
}
