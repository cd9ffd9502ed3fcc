import { InputError } from '../../core/errors';
import { RandomStreams } from '../../core/random';
import { boston } from '../../data/boston';
import { sinusoids } from '../../data/sinusoid';
import { type ContrastiveRule, contrastive } from '../../learning/contrastive';
import { type Estimator, estimatorNamed } from '../../learning/estimators';
import type { FirstValues } from '../../learning/learned-variables';
import { nesterov } from '../../learning/optimizers';
import { dense } from '../../network/layers/dense';
import { mse } from '../../network/loss';
import { mlp } from '../../network/mlp';
import { defineNetwork, type Network } from '../../network/network';
import { complexSynapse, defineSynapse, type SynapseModel } from '../../synapse/model';
import { splitTask } from '../../tasks/split-task';
import { makeTask, type Task } from '../../tasks/task';
import { complexPenalty, type Settings } from './settings';

/** What settings describe: synapses in a network, what they learn, and where they begin. */
export interface Problem {
  readonly network: Network;
  readonly task: Task;
  readonly initial: FirstValues;
}

/** The synapse of the settings. @throws InputError where its penalty cannot be read, or a name is not legal. */
function synapseOf({ penalty, slow }: Pick<Settings, 'penalty' | 'slow'>): SynapseModel {
  const names = slow.map(({ name }) => name);
  checkDistinct(names);
  const isComplex =
    penalty === complexPenalty &&
    slow.every(({ name, anchor, nonNegative }) => {
      const own = complexSynapse.declared[name];
      return (
        own !== undefined && anchor === (name === complexSynapse.anchor) && nonNegative === own.nonNegative
      );
    }) &&
    names.length === complexSynapse.meta.length;
  return isComplex ? complexSynapse : derivedSynapse({ penalty, slow });
}

/** The synapse whose rules are derived from the penalty's text, the complex one's too. @throws InputError as `synapseOf`. */
export function derivedSynapse({ penalty, slow }: Pick<Settings, 'penalty' | 'slow'>): SynapseModel {
  checkDistinct(slow.map(({ name }) => name));
  return defineSynapse({
    fast: 'phi',
    meta: Object.fromEntries(slow.map(({ name, initial, nonNegative }) => [name, { initial, nonNegative }])),
    anchor: slow.find(({ anchor }) => anchor)?.name ?? null,
    penalty,
  });
}

function checkDistinct(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InputError({ what: 'Two slow variables have the same name', got: twice });
}

/** @throws InputError where the settings describe no problem. */
export function problemOf(settings: Settings): Problem {
  const synapse = synapseOf(settings);
  const slow = Object.fromEntries(settings.slow.map(({ name, initial }) => [name, initial]));
  const { network, task, phi } = makers[settings.problem](synapse, new RandomStreams(settings.seed));
  return { network, task, initial: phi === undefined ? slow : { ...slow, phi } };
}

type Make = (
  synapse: SynapseModel,
  random: RandomStreams,
) => { readonly network: Network; readonly task: Task; readonly phi?: number };

/** One number to learn: the loss is (phi - target)^2. */
const oneNumber = (target: number) => ({
  samples: 1,
  inputs: 1,
  targets: 1,
  x: Float64Array.of(1),
  y: Float64Array.of(target),
});

const makers: Readonly<Record<Settings['problem'], Make>> = {
  'one-synapse': (synapse) => ({
    network: defineNetwork({ input: [1], layers: [dense(1, 1, { bias: false })], loss: mse, synapse }),
    task: makeTask({ name: 'one number', train: oneNumber(1), heldOut: oneNumber(-0.5) }),
    phi: 0.2,
  }),
  boston: (synapse, random) => ({
    network: mlp([13, 20, 1], { activation: 'tanh', synapse }),
    // As the scenario has it: a fifth of the data is put aside.
    task: splitTask(boston(), { name: 'boston', heldOut: 0.3, test: 0.2, stream: random.stream('split') }),
  }),
  sinusoid: (synapse, random) => ({
    // Of tanh units, so that the loss has second derivatives everywhere; few enough for the exact meta-gradient.
    network: mlp([1, 12, 12, 1], { activation: 'tanh', synapse }),
    task: makeTask({ name: 'sinusoid', ...sinusoids().sample(random.stream('tasks'))! }),
  }),
};

function estimatorOf({ estimator, beta }: Pick<Settings, 'estimator' | 'beta'>): Estimator {
  return estimatorNamed(estimator, beta);
}

/** The contrastive rule of the settings: phases of so many steps by Nesterov's momentum of 0.9. */
export function ruleOf(settings: Settings): ContrastiveRule {
  const { freeSteps, nudgedSteps, freeRate, nudgedRate } = settings;
  return contrastive({
    estimator: estimatorOf(settings),
    free: { optimizer: nesterov({ rate: freeRate }), steps: freeSteps, tolerance: 0 },
    nudged: { optimizer: nesterov({ rate: nudgedRate }), steps: nudgedSteps, tolerance: 0 },
  });
}
