import { z } from 'zod';
import { contrastiveLearner } from '../../learning/contrastive-learner';
import { taskPlan } from '../../learning/run-task';
import { estimatorSchema, phaseSchema, ruleFrom } from '../../run/scenario/settings';
import { defineMethod, type Method } from './method';

interface InPhases extends Pick<Method, 'name' | 'summary' | 'network'> {
  readonly rate: number;
  /** Steps of the free phase and of each nudged one. */
  readonly steps: readonly [free: number, nudged: number];
}

/** The contrastive rule (Eq. 4) on streams, its phases defined by their step budgets. */
function inPhases({ rate, steps: [free, nudged], ...description }: InPhases) {
  const phase = (steps: number) => phaseSchema({ rate, momentum: 0, steps, tolerance: 0 });
  const settings = z
    .strictObject({
      ...estimatorSchema,
      beta: estimatorSchema.beta.default(0.3),
      free: phase(free),
      nudged: phase(nudged),
      optimizerState: z
        .enum(['keep', 'reset'])
        .default('keep')
        .describe('what nudged phases start with: the momentum of the free phase, or none'),
    })
    .prefault({});
  return defineMethod({
    ...description,
    settings,
    make: (given, surroundings) => contrastiveLearner({ ...surroundings, rule: ruleFrom(given) }),
    rule: (given) => ruleFrom(given),
    plan: (given, stride) => taskPlan(ruleFrom(given), stride),
  });
}

/** For synapses with slow variables: these from phi at the ends of the phases. */
export const contrastiveMethod = inPhases({
  name: 'contrastive',
  summary: 'the contrastive rule on complex synapses',
  network: 'complex',
  rate: 0.01,
  steps: [50, 25],
});

/** For whole weights: theta from its gradients at the ends of the phases; gain, threshold and readout are fast. */
export const modulationMethod = inPhases({
  name: 'modulation',
  summary: 'the contrastive rule on whole weights, where neurons learn by gain and threshold',
  network: 'modulated',
  rate: 0.02,
  // Why so few nudged ones: docs/decisions/0014-short-nudged-phases.md.
  steps: [20, 2],
});
