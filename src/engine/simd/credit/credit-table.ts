import { InputError } from '../../../core/errors';
import type { Credit } from '../../../network/credit/credit';
import { isSameRule } from '../../../synapse/rule';
import { tableOfKinds } from '../../table-of-kinds';
import type { CreditKernels } from './credit-kernels';
import { dualKernels } from './dual';
import { equilibriumKernels } from './equilibrium';
import { directFeedbackKernels, feedbackAlignmentKernels } from './random-feedback';

const kernelsOf = tableOfKinds('simd', 'credit', [
  dualKernels,
  equilibriumKernels,
  feedbackAlignmentKernels,
  directFeedbackKernels,
] as unknown as readonly CreditKernels[]);

/** @throws InputError where the simd engine has no kernels for this source of credit, or its rule is another one. */
export function creditKernels(credit: Credit): CreditKernels {
  const kernels = kernelsOf(credit);
  if (credit.rule !== null && isSameRule(credit.rule, kernels.rule)) return kernels;
  throw new InputError({
    what: `The engine simd has no kernels for a rule of your own in the credit "${credit.kind}"`,
    got: credit.rule?.name ?? null,
    legal: `its own rule, "${kernels.rule.name}"`,
    advice: 'Take the engine reference or gpujs, which run any rule',
  });
}
