import type { SchedulerLike } from 'rxjs';
import { z } from 'zod';
import type { Engine } from '../engine/engine';
import { mostWorkers } from '../engine/worker-limit';
import type { Network } from '../network/network';
import type { RuleExecutor } from '../synapse/rule-executor';
import type { Task } from '../tasks/task';
import type { TaskStream } from '../tasks/task-stream';
import type { ContrastiveRule } from './contrastive';
import type { FirstValues } from './learned-variables';
import type { MetaLearner } from './meta-learner';
import type { Optimizer } from './optimizers';

type Part = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Part => typeof value === 'object' && value !== null;

const hasFunctions = (value: unknown, ...names: readonly string[]): value is Part =>
  isObject(value) && names.every((name) => typeof value[name] === 'function');

const isBatch = (value: unknown): boolean =>
  isObject(value) && [value.x, value.y].every((numbers) => isObject(numbers) && 'length' in numbers);

const isOptimizer = (value: unknown): boolean => hasFunctions(value, 'scalarsAt') && isObject(value.rule);

/** First values of one variable: a number, or one each. */
const isNumbers = (value: unknown): boolean =>
  typeof value === 'number' || Array.isArray(value) || ArrayBuffer.isView(value);

const network = z.custom<Network>(
  (value) =>
    isObject(value) && Array.isArray(value.layers) && isObject(value.synapse) && isObject(value.meta),
  'it must be a network, as mlp() and defineNetwork() give',
);

const engine = z.custom<Engine | string>(
  (value) => typeof value === 'string' || hasFunctions(value, 'probe', 'open'),
  'it must be an engine, as engineNamed() gives, or the name of one',
);

const rules = z.custom<RuleExecutor | string>(
  (value) => typeof value === 'string' || hasFunctions(value, 'run', 'close'),
  'it must be an executor of rules, as executorNamed() gives, or the name of one',
);

const optimizer = z.custom<Optimizer>(
  isOptimizer,
  'it must be an optimiser, such as adam({ rate: 0.01 }) gives',
);

const initial = z.custom<FirstValues>(
  (value) => isObject(value) && Object.values(value).every(isNumbers),
  'it must give a number, or an array of numbers, for each variable that it names',
);

const meta = z.strictObject({
  optimizer,
  learn: z.array(z.string()).readonly().optional(),
  logarithmic: z.array(z.string()).readonly().optional(),
});

/** A task, by its form. */
export const taskSchema = z.custom<Task>(
  (value) =>
    isObject(value) && typeof value.name === 'string' && isBatch(value.train) && isBatch(value.heldOut),
  'it must be a task { name, train, heldOut }, as makeTask() and splitTask() give',
);

const rule = z.custom<ContrastiveRule>(
  (value) => isObject(value) && isObject(value.estimator) && isObject(value.free) && isObject(value.nudged),
  'it must be a rule, as contrastive() gives',
);

const scheduler = z.custom<SchedulerLike>(
  (value) => hasFunctions(value, 'schedule', 'now') || typeof value === 'function',
  'it must be a scheduler of RxJS',
);

const learner = z.custom<MetaLearner>(
  (value) => hasFunctions(value, 'learn') && Array.isArray(value.learns) && isOptimizer(value.adaptation),
  'it must be a method, such as contrastiveLearner() and maml() give',
);

const stream = z.custom<TaskStream>(
  (value) => hasFunctions(value, 'save', 'restore') && 'episodes$' in value,
  'it must be a stream of tasks: new TaskStream(...)',
);

const common = {
  network,
  meta,
  seed: z.int().min(0).optional(),
  initial: initial.optional(),
  workers: z
    .int()
    .min(1)
    .max(mostWorkers, 'more threads would take memory by the gigabyte and wait for each other')
    .optional(),
  warn: z
    .custom<(line: string) => void>((value) => typeof value === 'function', 'it must be a function')
    .optional(),
};

/** What `simulate` takes. */
export const simulationSchema = z.strictObject({
  ...common,
  task: taskSchema,
  rule,
  engine: engine.optional(),
  rules: rules.optional(),
  start: z.enum(['initial', 'continue']).optional(),
  stride: z.int().min(1).optional(),
  scheduler: scheduler.optional(),
});

/** What a StreamLearner takes. */
export const streamLearnerSchema = z.strictObject({
  ...common,
  learner,
  stream,
  batch: z.int().min(1),
  engine,
  rules,
  strict: z.boolean().optional(),
});

/** What `run` takes. */
export const runSchema = z.strictObject({
  metaSteps: z.int().min(0),
  signal: z.custom<AbortSignal>(isObject, 'it must be an AbortSignal').optional(),
});

const numbers = z.custom<ArrayLike<number>>(
  (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  'it must be an array of numbers',
);

const metaState = z.strictObject({
  steps: z.int().min(0),
  buffers: z.record(z.string(), z.record(z.string(), numbers)),
});

const learnedState = {
  metaSteps: z.int().min(0),
  variables: z.record(z.string(), numbers),
  start: numbers,
  meta: metaState,
};

/** What a simulation saves. */
export const simulationStateSchema = z.strictObject({
  ...learnedState,
  warned: z.array(z.string()).optional(),
});

/** What a StreamLearner saves; the stream checks its own part. */
export const streamLearnerStateSchema = z.strictObject({
  ...learnedState,
  skipped: z.int().min(0),
  stream: z.custom<object>(isObject, 'it must be the saved state of a stream'),
});
