import { z } from 'zod';
import { contrastiveLearner } from '../../learning/contrastive-learner';
import { taskPlan } from '../../learning/run-task';
import { estimatorSchema, phaseSchema, ruleFrom } from '../settings';
import { defineMethod } from './method';

const optimizerState = z
  .enum(['keep', 'reset'])
  .default('keep')
  .describe('what nudged phases start with: the momentum of the free phase, or none');

/** Eq. 4 for complex synapses: omega (and lambda) from phi at the two equilibria. */
export const contrastiveMethod = defineMethod({
  name: 'contrastive',
  summary: 'the contrastive rule on complex synapses',
  network: 'complex',
  settings: z
    .strictObject({
      ...estimatorSchema,
      beta: estimatorSchema.beta.default(0.3),
      free: phaseSchema({ rate: 0.01, momentum: 0, steps: 50, tolerance: 0 }),
      nudged: phaseSchema({ rate: 0.01, momentum: 0, steps: 25, tolerance: 0 }),
      optimizerState,
    })
    .prefault({}),
  make: (settings, given) => contrastiveLearner({ ...given, rule: ruleFrom(settings) }),
  plan: (settings, stride) => taskPlan(ruleFrom(settings), stride),
});

/** Eq. 4 for whole weights: theta from the gradients at the two equilibria; gain, threshold and readout are fast. */
export const modulationMethod = defineMethod({
  name: 'modulation',
  summary: 'the contrastive rule on whole weights, where neurons learn by gain and threshold',
  network: 'modulated',
  settings: z
    .strictObject({
      ...estimatorSchema,
      beta: estimatorSchema.beta.default(0.3),
      free: phaseSchema({ rate: 0.02, momentum: 0, steps: 20, tolerance: 0 }),
      nudged: phaseSchema({ rate: 0.02, momentum: 0, steps: 2, tolerance: 0 }),
      optimizerState,
    })
    .prefault({}),
  make: (settings, given) => contrastiveLearner({ ...given, rule: ruleFrom(settings) }),
  plan: (settings, stride) => taskPlan(ruleFrom(settings), stride),
});
