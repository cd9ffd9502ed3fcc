import { z } from 'zod';
import { distinct } from '../core/validate';
import { creditsSetting, streamMetaSchema } from '../run/scenario/settings';
import {
  declaredToLearn,
  type FirstValuesSettings,
  firstValuesSchema,
  namesSchema,
} from '../run/scenario/synapse-settings';
import type { SynapseModel } from '../synapse/model';
import type { Method } from './methods/method';

/** All of them are in memory at once. */
const mostTasks = 100_000;

/** Settings of every scenario over a stream of tasks. */
const fewShotSettings = (methods: readonly Method[]) => ({
  method: z
    .string()
    .default('contrastive')
    .describe(`${methods.map(({ name }) => name).join(', ')}; several with commas, or all`),
  metaSteps: z.int().min(1).default(2000).describe('meta-steps, 1 or more'),
  batch: z
    .int()
    .min(1)
    .max(mostTasks)
    .default(10)
    .describe('tasks a meta-step, whose meta-gradients are averaged; 1 to 100000'),
  credit: creditsSetting,
  meta: streamMetaSchema({ rate: 0.001 }),
  unseen: z
    .strictObject({
      tasks: z
        .int()
        .min(2)
        .max(mostTasks)
        .default(200)
        .describe('unseen tasks that a method is judged by, 2 to 100000'),
      steps: z
        .array(z.int().min(0))
        .min(1)
        .default([0, 1, 10, 100])
        .describe('inner steps after which their held-out loss is measured, ascending'),
      every: z.int().min(1).default(200).describe('meta-steps from one point of the curve to the next'),
    })
    .prefault({}),
  strict: z
    .boolean()
    .default(false)
    .describe('whether a bad task, or one that diverges, ends the run instead of being skipped'),
  watch: distinct(z.array(z.int().min(0)).min(1))
    .default([0, 1])
    .describe('indices of the synapses (for modulation, of the neurons) that are recorded'),
  stride: z.int().min(1).default(25).describe('inner steps between two records of them inside a task'),
});

/** Of scenarios that have tasks for validation. */
const validationSchema = z
  .strictObject({
    tasks: z
      .int()
      .min(2)
      .max(mostTasks)
      .default(100)
      .describe('tasks by which the best of a stream is chosen, never learned from, 2 to 100000'),
  })
  .prefault({});

/** The names of the settings that every such scenario has. */
export const sharedSettings: readonly string[] = [
  ...Object.keys(fewShotSettings([])),
  ...['validation', 'synapse', 'learn'],
];

/** The settings of a scenario whose synapses and methods are these. The part of each method stands under its name. */
export const fewShotSchema = (synapse: SynapseModel, methods: readonly Method[], validates: boolean) =>
  z.strictObject({
    ...fewShotSettings(methods),
    ...((validates ? { validation: validationSchema } : {}) as Record<string, z.ZodType>),
    synapse: firstValuesSchema(synapse),
    learn: namesSchema(
      synapse,
      declaredToLearn(synapse),
      'slow variables that learn between tasks, by methods that give their gradient',
    ),
    ...(Object.fromEntries(methods.map(({ name, settings }) => [name, settings])) as Record<
      string,
      z.ZodType
    >),
  });

/** What these settings are, once checked. The methods' own parts stand under the methods' names. */
export type FewShotSettings = z.output<z.ZodObject<ReturnType<typeof fewShotSettings>>> &
  Readonly<{ synapse: FirstValuesSettings; learn: string }> &
  Readonly<Record<string, unknown>>;
