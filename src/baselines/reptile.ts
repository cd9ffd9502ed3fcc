import { z } from 'zod';
import { InputError } from '../core/errors';
import { madeBy } from '../core/origin';
import { RandomStream } from '../core/random';
import { validate } from '../core/validate';
import { type Batch, concatBatches, selectSamples } from '../data/batch';
import { weightedOptimizer } from '../learning/derived-optimizers';
import type { MetaLearner } from '../learning/meta-learner';
import { type Optimizer, optimizerSchema, sgd } from '../learning/optimizers';
import type { Network } from '../network/network';
import type { Episode } from '../tasks/task-stream';
import { type Adaptation, adapt, ofAnchor, type StepSamples } from './adapt';
import { allSamples } from './all-samples';

/** Settings of Reptile (Nichol et al. 2018): either a rate or an optimiser. */
export interface ReptileOptions {
  /** Learning rate of inner steps by plain gradient descent. */
  readonly rate?: number;
  /** Inner steps by any other optimiser: as published for characters, `adam({ rate: 0.001, beta1: 0 })`. Its buffers start empty in each task. */
  readonly optimizer?: Optimizer;
  /** Inner steps a task. */
  readonly steps: number;
  /** Samples of each inner step, in random order, each once before any comes again. Batch norm then has their statistics. Default: all. */
  readonly batch?: number;
  /** What it learns from: all samples of a task, training and held-out (default), or the training set. */
  readonly samples?: 'all' | 'training';
  /**
   * What it takes for a gradient: the `mean` gradient along the way, (omega - phi_K) / (rate steps), by default; or the `whole` way,
   * omega - phi_K, of which a meta-step by gradient descent at rate epsilon goes the part epsilon, as published.
   */
  readonly gradient?: 'mean' | 'whole';
}

const reptileOptions = z.strictObject({
  rate: z.number().positive().optional(),
  optimizer: optimizerSchema.optional(),
  steps: z.int().min(1),
  batch: z.int().min(1).optional(),
  samples: z.enum(['all', 'training']).default('all'),
  gradient: z.enum(['mean', 'whole']).default('mean'),
});

/**
 * Reptile (Nichol et al. 2018): learn the task on its samples, then move omega towards where phi ended.
 * @throws InputError where an option is not legal, or rate and optimiser are given both or neither.
 */
export function reptile(options: ReptileOptions): MetaLearner {
  const given = validate(reptileOptions, options, 'the options of reptile');
  const { steps, batch, samples, gradient } = given;
  const optimizer = optimizerOf(given);
  const divisor = gradient === 'whole' ? 1 : rateOf(optimizer) * steps;
  let weighted: { readonly network: Network; readonly by: ReturnType<typeof weightedOptimizer> } | null =
    null;

  /** On all samples, of each step those of its minibatch. */
  const onAll = (network: Network, episode: Episode): Pick<Adaptation, 'optimizer' | 'samples'> => {
    const all = allSamples(network, episode);
    const varies = episode.minibatch !== undefined;
    const at = (step: number) => (varies ? allSamples(network, episode.minibatch!(step)) : all);
    const learnsFrom = varies ? at : all;
    if (all.replay === null) return { optimizer, samples: learnsFrom };
    if (weighted?.network !== network) weighted = { network, by: weightedOptimizer(optimizer, network) };
    return { optimizer: weighted.by((step) => at(step).weight), samples: learnsFrom };
  };

  /** How it learns one task. */
  const adaptation = (network: Network, episode: Episode): Adaptation => {
    const plain = { optimizer, steps, penalty: false };
    if (batch !== undefined) return { ...plain, samples: minibatches(episode, samples, batch) };
    return samples === 'training' ? plain : { ...plain, ...onAll(network, episode) };
  };

  return madeBy('src/baselines/reptile', 'reptile', [options], {
    name: 'reptile',
    adaptation: optimizer,
    regularised: false,
    learns: 'anchor',
    async learn(context) {
      const { network, session, episode, start } = context;
      await adapt(context, adaptation(network, episode));
      const phi = await session.read(network.synapse.fast);
      const { loss } = await session.evaluate(episode.heldOut);
      const way = phi.map((value, i) => (start[i]! - value) / divisor);
      return { metaGradient: ofAnchor(network, way), heldOutLoss: loss };
    },
  });
}

function optimizerOf({ rate, optimizer }: Pick<ReptileOptions, 'rate' | 'optimizer'>): Optimizer {
  if ((rate === undefined) !== (optimizer === undefined)) return optimizer ?? sgd({ rate: rate! });
  throw new InputError({
    what: `reptile has ${rate === undefined ? 'neither a rate nor an optimiser' : 'both a rate and an optimiser'}`,
    got: rate,
    legal: 'either { rate: 0.01, steps: 5 } or { optimizer: adam({ rate: 0.001, beta1: 0 }), steps: 5 }',
  });
}

/** By which a way of so many steps is divided. */
function rateOf({ name, settings }: Optimizer): number {
  const { rate } = settings;
  if (rate !== undefined && rate > 0) return rate;
  throw new InputError({
    what: `Optimiser "${name}" has no rate, by which the mean gradient of reptile is divided`,
    got: settings,
    legal: 'an optimiser with `settings.rate`, or gradient: "whole"',
  });
}

/** Some samples a step, in an order that is the task's own: the same each time. */
function minibatches(
  { index, train, heldOut }: Episode,
  samples: 'all' | 'training',
  batch: number,
): (step: number) => StepSamples {
  const pool = samples === 'all' ? concatBatches(train, heldOut) : train;
  const order = new RandomStream('reptile', `minibatches of task ${index}`);
  const queue: number[] = [];
  const drawn: Batch[] = [];
  return (step) => {
    while (drawn.length <= step) {
      while (queue.length < batch) queue.push(...order.permutation(pool.samples));
      drawn.push(selectSamples(pool, queue.splice(0, batch)));
    }
    return { train: drawn[step]!, replay: null, beta: 0 };
  };
}
