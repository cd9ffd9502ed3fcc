import { exactImplicit } from '../../src/baselines/exact-implicit';
import { imaml, t1t2 } from '../../src/baselines/imaml';
import { neumann } from '../../src/baselines/neumann';
import type { TaskPlan } from '../../src/clock/schedule';
import { inTheEnd } from '../../src/few-shot/methods/inner-settings';
import { type ContrastiveRule, contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { estimatorNamed } from '../../src/learning/estimators';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { nesterov, type Optimizer, sgd } from '../../src/learning/optimizers';
import { taskPlan } from '../../src/learning/run-task';
import type { Network } from '../../src/network/network';
import type { RuleExecutor } from '../../src/synapse/rule-executor';
import type { ResolvedSettings } from './resolve';

/** What a method's learner is made for. */
interface Surroundings {
  readonly network: Network;
  readonly rules: RuleExecutor;
}

/** One way to get the meta-gradient of lambda from one task, as `--method` names it. */
export interface VisionMethod {
  readonly name: keyof ResolvedSettings['methods'];
  /** How reports call it. */
  readonly title: string;
  readonly summary: string;
  /** Whether only networks of a few thousand synapses allow it. */
  readonly smallOnly?: boolean;
  /** Nudged phases, which can be learned at the same time. */
  nudges(settings: ResolvedSettings): number;
  make(settings: ResolvedSettings, surroundings: Surroundings): MetaLearner;
  plan(settings: ResolvedSettings): TaskPlan;
}

const optimizerOf = (rate: number, momentum: number): Optimizer =>
  momentum === 0 ? sgd({ rate }) : nesterov({ rate, momentum });

function ruleOf({ methods, momentum }: ResolvedSettings): ContrastiveRule {
  const { estimator, beta, rate, steps, nudgedRate, nudgedSteps, optimizerState } = methods.contrastive;
  return contrastive({
    estimator: estimatorNamed(estimator, beta),
    // The step budget defines the phases: networks with ReLU and pools have no minimum that they could reach.
    free: { optimizer: optimizerOf(rate, momentum), steps, tolerance: 0 },
    nudged: { optimizer: optimizerOf(nudgedRate, momentum), steps: nudgedSteps, tolerance: 0 },
    optimizerState,
  });
}

const contrastiveMethod: VisionMethod = {
  name: 'contrastive',
  title: 'contrastive rule',
  summary: 'lambda from phi at the ends of a free and a nudged phase (Eq. 4)',
  nudges: ({ methods: { contrastive } }) =>
    estimatorNamed(contrastive.estimator, contrastive.beta).betas.length,
  make: (settings, { network, rules }) =>
    contrastiveLearner({ network, rules, rule: ruleOf(settings), stride: settings.stride }),
  plan: (settings) => taskPlan(ruleOf(settings), settings.stride),
};

/** A method that learns the training images, and works its meta-gradient out at the end. */
function implicit(
  description: Pick<VisionMethod, 'title' | 'summary' | 'smallOnly'> & {
    readonly name: Exclude<VisionMethod['name'], 'contrastive'>;
    readonly end: string;
  },
  make: (settings: ResolvedSettings, adaptation: { optimizer: Optimizer; steps: number }) => MetaLearner,
): VisionMethod {
  const { end, ...described } = description;
  return {
    ...described,
    nudges: () => 1,
    make(settings) {
      const { rate, steps } = settings.methods[description.name];
      return make(settings, { optimizer: optimizerOf(rate, settings.momentum), steps });
    },
    plan: ({ methods, stride }) => inTheEnd(methods[description.name].steps, stride, end),
  };
}

/** Every method, in the order in which tables show them. */
export const visionMethods: readonly VisionMethod[] = [
  contrastiveMethod,
  implicit(
    {
      name: 't1t2',
      title: 'T1T2',
      summary: 'the implicit gradient, with the identity in place of the inverse Hessian',
      end: 'held-out gradient',
    },
    (_, adaptation) => t1t2(adaptation),
  ),
  implicit(
    {
      name: 'conjugate-gradient',
      title: 'conjugate gradient',
      summary: 'the implicit gradient, by conjugate gradient on Hessian-vector products',
      end: 'implicit gradient by conjugate gradient',
    },
    ({ methods }, adaptation) => imaml({ ...adaptation, cgSteps: methods['conjugate-gradient'].cgSteps }),
  ),
  implicit(
    {
      name: 'neumann',
      title: 'Neumann series',
      summary: 'the implicit gradient, by a Neumann series of Hessian-vector products',
      end: 'implicit gradient by a Neumann series',
    },
    ({ methods: { neumann: given } }, adaptation) =>
      neumann({ ...adaptation, terms: given.terms, seriesRate: given.seriesRate }),
  ),
  implicit(
    {
      name: 'exact',
      title: 'exact',
      summary: 'the exact implicit gradient, with the full Hessian; small networks only',
      end: 'implicit gradient with the full Hessian',
      smallOnly: true,
    },
    (_, adaptation) => exactImplicit(adaptation),
  ),
];
