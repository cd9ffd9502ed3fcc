import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { nonEmptyText } from '../../core/checks';
import { InputError } from '../../core/errors';
import { isArrayOfNumbers, made, validate } from '../../core/validate';
import type { Batch } from '../../data/batch';
import { type PhaseSettings, phaseSettingsSchema } from '../../learning/contrastive';
import { adam, heavyBall, nesterov, type Optimizer, sgd } from '../../learning/optimizers';
import { type Network, networkSchema } from '../../network/network';
import { makeTask, type Task, taskSchema } from '../../tasks/task';
import { learningSchema, modelSchema, networkOf } from './model';

const samples = z.strictObject({
  x: z.array(z.array(z.number())).min(1),
  y: z.union([z.array(z.number()).min(1), z.array(z.array(z.number())).min(1)]),
});

const phase = z.strictObject({
  optimizer: z.enum(['sgd', 'adam']).default('sgd'),
  learningRate: z.number().positive(),
  momentum: z.number().min(0).lt(1).default(0),
  nesterov: z.boolean().default(false),
  steps: z.int().min(1),
  tolerance: z.number().min(0).default(0),
});

const fileSchema = z.strictObject({
  model: modelSchema,
  learning: learningSchema,
  loss: z.enum(['mse', 'cross-entropy']),
  train: samples,
  validation: samples,
  phi: z.array(z.number()),
  theta: z.array(z.number()).optional(),
  omega: z.array(z.number()),
  lambda: z.array(z.number().min(0)),
  free: phase,
  nudged: phase,
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
    checkLength(variable, problem[variable], network.size, name);
  if (problem.theta !== undefined || network.meta.size > 0)
    checkLength('theta', problem.theta ?? [], network.meta.size, name);
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

function checkLength(variable: string, values: readonly number[], size: number, name: string): void {
  if (values.length === size) return;
  throw new InputError({
    what: `${variable} in ${name} has the wrong length`,
    got: values.length,
    legal: `${size} numbers${size === 0 ? ', since nothing but phi learns' : ": layer after layer, each layer's weights row-major [outputs][inputs], kernels [outputs][inputs][rows][columns], then its biases; of batch norm its gains, then its thresholds"}`,
  });
}

function batchOf(name: string, { x, y }: z.output<typeof samples>, classes: boolean): Batch {
  const inputs = x[0]!.length;
  const targets = Array.isArray(y[0]) ? y[0].length : 1;
  if (classes && Array.isArray(y[0])) {
    throw new InputError({
      what: `${name}.y must hold one class index a sample`,
      got: y[0],
      legal: 'whole numbers from 0, such as [0, 2, 1]',
    });
  }
  if (y.length !== x.length) {
    throw new InputError({
      what: `${name}.y has the wrong length`,
      got: y.length,
      legal: `${x.length}, as ${name}.x`,
    });
  }
  const rows = [
    ...x.map((row) => ['x', row, inputs] as const),
    ...y.map((row) => ['y', row, targets] as const),
  ];
  rows.forEach(([which, row, width], index) => {
    if (!Array.isArray(row) || row.length === width) return;
    throw new InputError({
      what: `${name}.${which}[${index % x.length}] has the wrong length`,
      got: row.length,
      legal: `${width}, as the first sample`,
    });
  });
  return {
    samples: x.length,
    inputs,
    targets,
    x: Float64Array.from(x.flat()),
    y: Float64Array.from(y.flat()),
  };
}

function phaseOf(phase: z.output<typeof fileSchema>['free']): PhaseSettings {
  const { steps, tolerance } = phase;
  return { optimizer: optimizerOf(phase), steps, tolerance };
}

function optimizerOf(phase: z.output<typeof fileSchema>['free']): Optimizer {
  const { optimizer, learningRate: rate, momentum } = phase;
  if (optimizer === 'adam') return adam({ rate });
  if (momentum === 0) return sgd({ rate });
  return phase.nesterov ? nesterov({ rate, momentum }) : heavyBall({ rate, momentum });
}
