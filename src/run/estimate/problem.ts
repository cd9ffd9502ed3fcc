import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { nonEmptyText } from '../../core/checks';
import { InputError } from '../../core/errors';
import { isArrayOfNumbers, made, validate } from '../../core/validate';
import { type PhaseSettings, phaseSettingsSchema } from '../../learning/contrastive';
import { type Network, networkSchema } from '../../network/network';
import { makeTask, type Task, taskSchema } from '../../tasks/task';
import { learningSchema, modelSchema, networkOf } from './model';
import { checkParameters } from './parameters';
import { phaseFileSchema, phaseOf } from './phase';
import { batchOf, samplesSchema } from './samples';

const fileSchema = z.strictObject({
  model: modelSchema,
  learning: learningSchema,
  loss: z.enum(['mse', 'cross-entropy']),
  train: samplesSchema,
  validation: samplesSchema,
  phi: z.array(z.number()),
  theta: z.array(z.number()).optional(),
  omega: z.array(z.number()),
  lambda: z.array(z.number().min(0)),
  free: phaseFileSchema,
  nudged: phaseFileSchema,
  optimizerState: z.enum(['keep', 'reset']).default('reset'),
});

/** One inner problem, ready to be solved: what `metaplast estimate` reads. */
export interface Problem {
  readonly network: Network;
  readonly task: Task;
  readonly initial: {
    readonly phi: number[];
    readonly omega: number[];
    readonly lambda: number[];
    /** Whole weights, in learning by modulation. */
    readonly theta?: number[];
  };
  readonly free: PhaseSettings;
  readonly nudged: PhaseSettings;
  readonly optimizerState: 'keep' | 'reset';
}

const firstValues = made<number[]>('an array of numbers', isArrayOfNumbers);

/** What `parseProblem` and `readProblem` make. */
export const problemSchema = z.strictObject({
  network: networkSchema,
  task: taskSchema,
  initial: z.strictObject({
    phi: firstValues,
    omega: firstValues,
    lambda: firstValues,
    theta: firstValues.optional(),
  }),
  free: phaseSettingsSchema,
  nudged: phaseSettingsSchema,
  optimizerState: z.enum(['keep', 'reset']),
});

/**
 * Reads a problem file (JSON).
 * @throws InputError where the file cannot be read, is no JSON, or any part of it is not legal.
 */
export function readProblem(path: string): Problem {
  nonEmptyText('The path of the problem file', path); // A number would be a descriptor: 0 reads stdin, for ever.
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError({ what: `The problem file cannot be read: ${(error as Error).message}`, got: path });
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, '')); // Some editors begin a file with a byte-order mark.
  } catch (error) {
    const special = /\b(NaN|-?Infinity)\b/.exec(text)?.[1];
    throw new InputError({
      what: `${path} is no JSON: ${(error as Error).message}`,
      ...(special === undefined ? {} : { got: special }),
      legal: 'JSON, whose numbers are finite',
      advice: special === undefined ? undefined : 'Remove or impute values that are not finite',
    });
  }
  return parseProblem(value, path);
}

/** Checks a problem that was read already; `name` stands for it in messages. */
export function parseProblem(value: unknown, name = 'the problem'): Problem {
  const problem = validate(fileSchema, value, name);
  const network = networkOf(problem.model, problem.loss, problem.learning);
  const classes = problem.loss === 'cross-entropy';
  const task = makeTask({
    name: 'estimate',
    train: batchOf('train', problem.train, classes),
    heldOut: batchOf('validation', problem.validation, classes),
  });
  for (const variable of ['phi', 'omega', 'lambda'] as const)
    checkParameters(variable, problem[variable], network.size, name);
  if (problem.theta !== undefined || network.meta.size > 0)
    checkParameters('theta', problem.theta ?? [], network.meta.size, name);
  const { phi, omega, lambda, theta, optimizerState } = problem;
  return {
    network,
    task,
    initial: { phi, omega, lambda, ...(network.meta.size > 0 ? { theta } : {}) },
    free: phaseOf(problem.free),
    nudged: phaseOf(problem.nudged),
    optimizerState,
  };
}
