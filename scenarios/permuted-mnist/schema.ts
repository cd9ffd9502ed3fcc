import { z } from 'zod';
import { distinct } from '../../src/core/validate';
import { creditSetting } from '../../src/run/scenario/settings';
import { methodNames } from './methods/method-names';

const rate = (standard: number) =>
  z.number().positive().default(standard).describe('learning rate of phi, above 0');
const strength = (standard: number, what: string) => z.number().min(0).default(standard).describe(what);

export const config = z.strictObject({
  method: z
    .string()
    .default('all')
    .describe(`${methodNames.join(', ')}; several with commas, or all`),
  seeds: z
    .int()
    .min(1)
    .max(1000)
    .default(3)
    .describe(
      "how many seeds, from the run's own one on; each has its own permutations, order and first phi",
    ),
  tasks: z
    .int()
    .min(2)
    .max(1000)
    .default(5)
    .describe('tasks that follow one another, each a permutation of the pixels, 2 or more'),
  epochs: z.int().min(1).default(1).describe("times that each task's images are gone through, 1 or more"),
  hidden: z
    .array(z.int().min(1).max(10_000))
    .default([200, 200])
    .describe('rectified units of each hidden layer, as a list'),
  minibatch: z.int().min(1).default(32).describe('images of a step, 1 or more'),
  chunk: z
    .int()
    .min(1)
    .default(75)
    .describe(
      'minibatches from one look at the synapses to the next; the contrastive rule changes omega and lambda as often',
    ),
  trainImages: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('training images of each task, the first so many; null: all that are not for validation'),
  judgedBy: z
    .enum(['test', 'validation'])
    .default('test')
    .describe(
      'test: the test images, all training images being learned; validation: training images that are then not learned, to choose settings by',
    ),
  validation: z
    .int()
    .min(1)
    .default(10_000)
    .describe('how many images validation takes, the last so many training images'),
  judgeImages: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('images that judge, the first so many; null: all of them'),
  heldOut: z
    .int()
    .min(1)
    .default(200)
    .describe(
      'images of each task that contrastive and replay hold out of learning, keep, and replay in later tasks',
    ),
  watched: distinct(z.array(z.int().min(0)))
    .default([])
    .describe('synapses whose course is kept, by their numbers; none: three of each layer, drawn'),
  credit: creditSetting,
  sgd: z.strictObject({ rate: rate(0.3) }).prefault({}),
  ewc: z
    .strictObject({
      rate: rate(0.3),
      strength: strength(30, 'what the Fisher information is multiplied by to be an importance, 0 or more'),
      images: z
        .int()
        .min(1)
        .default(1000)
        .describe('images of a task that its Fisher information is of, one by one'),
    })
    .prefault({}),
  si: z
    .strictObject({
      rate: rate(0.3),
      strength: strength(
        0.003,
        'what the path integral over the squared distance is multiplied by, 0 or more',
      ),
      damping: z
        .number()
        .positive()
        .default(0.001)
        .describe('what is added to the squared distance, above 0'),
    })
    .prefault({}),
  contrastive: z
    .strictObject({
      rate: rate(0.3),
      beta: z.number().positive().default(1).describe('nudging strength, above 0'),
      steps: z.int().min(1).default(5).describe('minibatches of each phase, 1 to those of a chunk'),
      metaRate: strength(3, 'learning rate of lambda, 0 or more'),
      omegaRate: strength(0, 'learning rate of omega within a task, 0 or more; at its end omega becomes phi'),
    })
    .prefault({}),
  mesu: z
    .strictObject({
      sigma: z.number().positive().default(0.03).describe('first deviation of the weights, above 0'),
      priorSigma: z
        .number()
        .positive()
        .default(0.05)
        .describe('deviation that an unused synapse falls back to, above 0'),
      priorMean: z.number().default(0).describe('mean that an unused synapse falls back to'),
      counts: z
        .number()
        .positive()
        .default(10)
        .describe('images that each image counts as, above 0; above 1, the posterior is a cold one'),
      memory: z
        .number()
        .min(1)
        .default(3_000_000)
        .describe('images that are remembered before the prior has come back'),
    })
    .prefault({}),
  replay: z
    .strictObject({
      rate: rate(0.3),
      beta: z
        .number()
        .positive()
        .default(1)
        .describe('weight of the replayed images beside the present ones, above 0'),
    })
    .prefault({}),
});

export type PermutedSettings = z.output<typeof config>;
