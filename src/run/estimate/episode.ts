import { z } from 'zod';
import { InputError } from '../../core/errors';
import { validate } from '../../core/validate';
import type { PhaseSettings } from '../../learning/contrastive';
import type { Network } from '../../network/network';
import { makeTask, type Task } from '../../tasks/task';
import { learningSchema, modelSchema, networkOf } from './model';
import { checkParameters } from './parameters';
import { phaseFileSchema, phaseOf } from './phase';
import { batchOf, samplesSchema } from './samples';

const steps = z.int().min(1);

const episodeFileSchema = z.strictObject({
  model: modelSchema,
  learning: learningSchema,
  loss: z.enum(['mse', 'cross-entropy']),
  support: samplesSchema,
  query: samplesSchema,
  omega: z.array(z.number()),
  theta: z.array(z.number()).optional(),
  inner: z.strictObject({
    learningRate: z.number().positive(),
    steps: z.union([steps, z.array(steps).min(1)]),
  }),
  imaml: z
    .strictObject({
      lambda: z.union([z.number().min(0), z.array(z.number().min(0))]),
      inner: phaseFileSchema,
    })
    .optional(),
});

/** Samples of an episode: x [sample][channels height width], y one class index a sample, or [sample][output] for mse. */
export interface EpisodeSamples {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[] | readonly (readonly number[])[];
}

/** A layer by its type, with the sizes that it has: of `conv2d` channels and `kernel`, of `batch-norm` `features`, of `max-pool` `size`. */
export interface EpisodeLayer {
  readonly type: 'dense' | 'conv2d' | 'batch-norm' | 'max-pool' | 'relu' | 'tanh' | 'flatten';
  readonly inputs?: number;
  readonly outputs?: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly features?: number;
  readonly size?: number;
  readonly activation?: 'tanh' | 'relu';
}

/** One episode of few-shot learning, as JSON has it. */
export interface EpisodeFile {
  /** `inputShape`, [channels, height, width], is needed where the first layer takes images. */
  readonly model: { readonly inputShape?: readonly number[]; readonly layers: readonly EpisodeLayer[] };
  /** By `modulation` omega has the fast parameters only, and `theta` all others. Default `synapses`: all are fast. */
  readonly learning?: 'synapses' | 'modulation';
  readonly theta?: readonly number[];
  readonly loss: 'mse' | 'cross-entropy';
  readonly support: EpisodeSamples;
  readonly query: EpisodeSamples;
  /** Where phi starts, layers in order. */
  readonly omega: readonly number[];
  /** Gradient descent, for all methods but iMAML: `steps` are the numbers of steps that can be asked for. */
  readonly inner: { readonly learningRate: number; readonly steps: number | readonly number[] };
  /** How strongly phi is drawn to omega, by one number or one a parameter, and how it settles before Newton's method takes over. */
  readonly imaml?: {
    readonly lambda: number | readonly number[];
    readonly inner: {
      readonly optimizer?: 'sgd' | 'adam';
      readonly learningRate: number;
      readonly momentum?: number;
      readonly nesterov?: boolean;
      readonly steps: number;
      readonly tolerance?: number;
    };
  };
}

/** The same, checked. */
export interface ParsedEpisode {
  readonly network: Network;
  /** The support set is its training set, the query set is held out. */
  readonly task: Task;
  /** Where phi starts. */
  readonly omega: Float64Array;
  /** Whole weights, in learning by modulation; else empty. */
  readonly theta: Float64Array;
  /** Of gradient descent. */
  readonly rate: number;
  /** The numbers of steps that the episode names. */
  readonly steps: readonly number[];
  /** How strongly phi is drawn to omega, one number a parameter, and how it settles; null where the episode has no such part. */
  readonly imaml: { readonly lambda: Float64Array; readonly inner: PhaseSettings } | null;
}

/** @throws InputError where a part is missing, unknown or not legal, or the parts do not fit each other. */
export function parseEpisode(value: unknown, name = 'the episode'): ParsedEpisode {
  const { model, learning, loss, support, query, omega, theta = [], inner, imaml } = parsed(value, name);
  const network = networkOf(model, loss, learning);
  const classes = loss === 'cross-entropy';
  const task = makeTask({
    name,
    train: batchOf('support', support, classes),
    heldOut: batchOf('query', query, classes),
  });
  checkParameters('omega', omega, network.size, name);
  checkParameters('theta', theta, network.meta.size, name);
  const lambdas = (lambda: number | number[]): Float64Array => {
    if (typeof lambda === 'number') return new Float64Array(network.size).fill(lambda);
    checkParameters('imaml.lambda', lambda, network.size, name);
    return Float64Array.from(lambda);
  };
  return {
    ...{ network, task, rate: inner.learningRate, steps: [inner.steps].flat() },
    ...{ omega: Float64Array.from(omega), theta: Float64Array.from(theta) },
    imaml: imaml === undefined ? null : { lambda: lambdas(imaml.lambda), inner: phaseOf(imaml.inner) },
  };
}

function parsed(value: unknown, name: string): z.output<typeof episodeFileSchema> {
  const file = validate(episodeFileSchema, value, name);
  if (typeof file.inner.steps === 'number' || new Set(file.inner.steps).size === file.inner.steps.length)
    return file;
  throw new InputError({ what: `inner.steps in ${name} names a number twice`, got: file.inner.steps });
}
