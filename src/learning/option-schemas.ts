import { z } from 'zod';
import { schedulerSchema } from '../clock/clock';
import {
  aFunction,
  anAbortSignal,
  anArrayOfNumbers,
  hasFields,
  isArrayOfNumbers,
  made,
} from '../core/validate';
import { engineOrNameSchema } from '../engine/engine-schema';
import { mostWorkers } from '../engine/worker-limit';
import { networkSchema } from '../network/network';
import { executorOrNameSchema } from '../synapse/executor-schema';
import { type Task, taskSchema } from '../tasks/task';
import type { TaskStream } from '../tasks/task-stream';
import { contrastiveRuleSchema } from './contrastive';
import type { FirstValues } from './learned-variables';
import type { MetaLearner } from './meta-learner';
import { metaSettingsSchema, metaStateSchema } from './meta-update';
import { optimizerSchema } from './optimizers';
import type { TaskHost } from './workers/task-host';

/** First values by variable: a number, or one each. */
export const firstValuesSchema = made<FirstValues>(
  'an object with a number, or an array of numbers, for each variable that it names',
  (value) =>
    typeof value === 'object' &&
    Object.values(value as object).every((one) => typeof one === 'number' || isArrayOfNumbers(one)),
);

const learner = made<MetaLearner>(
  'a method, such as contrastiveLearner() and maml() make',
  (value) =>
    hasFields(value, { name: 'string', learn: 'function', adaptation: 'object' }) &&
    (['anchor', 'slow'].includes((value as MetaLearner).learns as string) ||
      Array.isArray((value as MetaLearner).learns)) &&
    optimizerSchema.safeParse((value as MetaLearner).adaptation).success,
);

const stream = made<TaskStream>(
  'a stream of tasks: new TaskStream(...)',
  (value) => hasFields(value, { save: 'function', restore: 'function' }) && 'episodes$' in (value as object),
);

const common = {
  network: networkSchema,
  meta: metaSettingsSchema,
  seed: z.int().min(0).optional(),
  initial: firstValuesSchema.optional(),
  workers: z.int().min(1).max(mostWorkers).optional(),
  warn: aFunction<(line: string) => void>().optional(),
};

/** What `simulate` takes. */
export const simulationSchema = z.strictObject({
  ...common,
  task: taskSchema,
  rule: contrastiveRuleSchema,
  engine: engineOrNameSchema.optional(),
  rules: executorOrNameSchema.optional(),
  start: z.enum(['initial', 'continue']).optional(),
  stride: z.int().min(1).optional(),
  sweepStride: z.int().min(1).optional(),
  scheduler: schedulerSchema.optional(),
});

/** What a StreamLearner takes. */
export const streamLearnerSchema = z.strictObject({
  ...common,
  learner,
  stream,
  batch: z.int().min(1),
  engine: engineOrNameSchema,
  rules: executorOrNameSchema,
  strict: z.boolean().optional(),
  files: z.array(z.string()).optional(),
  host: made<TaskHost>('who learns tasks, such as queueHost() makes', (value) =>
    hasFields(value, { inWords: 'string', connect: 'function' }),
  ).optional(),
});

/** What a SingleTaskLearner takes. */
export const singleTaskLearnerSchema = z.strictObject({
  ...common,
  task: aFunction<(learning: number) => Task>(),
  learner,
  engine: engineOrNameSchema,
  rules: executorOrNameSchema,
  statistics: z.boolean().optional(),
  atOnce: z.int().min(1).optional(),
});

/** What `run` takes. */
export const runSchema = z.strictObject({ metaSteps: z.int().min(0), signal: anAbortSignal.optional() });

const learnedState = {
  metaSteps: z.int().min(0),
  variables: z.record(z.string(), anArrayOfNumbers),
  start: anArrayOfNumbers,
  meta: metaStateSchema,
};

/** What a SingleTaskLearner saves. */
export const singleTaskStateSchema = z.strictObject(learnedState);

/** What a simulation saves. */
export const simulationStateSchema = z.strictObject({
  ...learnedState,
  warned: z.array(z.string()).optional(),
});

/** What a StreamLearner saves; the stream checks its own part. */
export const streamLearnerStateSchema = z.strictObject({
  ...learnedState,
  skipped: z.int().min(0),
  stream: made<object>('the saved state of a stream', (value) => typeof value === 'object'),
});
