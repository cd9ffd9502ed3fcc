import { z } from 'zod';
import { distinct } from '../../src/core/validate';

/** Inner steps by which an unseen task is learned when a method is judged; beside those named, as many as it learns tasks by. */
const testSteps = z
  .strictObject(
    Object.fromEntries(
      ['contrastive', 'modulation', 'maml', 'fomaml', 'anil', 'reptile', 'imaml', 'joint', 'scratch'].map(
        (method) => [
          method,
          z
            .int()
            .min(1)
            .nullable()
            .default(null)
            .describe(`inner steps after which ${method} is judged; null: as many as it learns tasks by`),
        ],
      ),
    ) as Record<string, z.ZodDefault<z.ZodNullable<z.ZodInt>>>,
  )
  .prefault({});

/** Settings of Omniglot alone. */
export const omniglotSettings = {
  ways: z.int().min(2).max(100).default(5).describe('classes a task, 2 to 100; published: 5 and 20'),
  shots: z.int().min(1).max(5).default(1).describe('training drawings a class, 1 to 5; published: 1 and 5'),
  query: z
    .int()
    .min(1)
    .max(15)
    .default(15)
    .describe(
      'held-out drawings a class of tasks that are learned from, 1 to 15; methods are always judged by 15',
    ),
  filters: z
    .int()
    .min(1)
    .max(256)
    .default(64)
    .describe('channels behind each of the four convolutions, 1 to 256'),
  filtersOfModulation: z
    .int()
    .min(1)
    .max(256)
    .nullable()
    .default(null)
    .describe('the same for modulation, which has few fast numbers a channel; null: as many as `filters`'),
  validationCharacters: z
    .int()
    .min(2)
    .max(900)
    .default(64)
    .describe(
      'of the 964 characters to learn from, those set apart, each with all its rotations, to choose the best of the stream by; 2 to 900',
    ),
  testSteps,
  watchNeurons: distinct(z.array(z.int().min(0)).min(1))
    .default([0])
    .describe('for modulation: indices of the neurons that are recorded, in place of `watch`'),
  lambdaOfImaml: z.number().positive().default(2).describe('lambda for the method imaml, above 0'),
  stepOfReptile: z
    .number()
    .positive()
    .default(1)
    .describe(
      'part of the way to where phi ended that reptile moves omega by at first; it falls to 0 along a line',
    ),
  trust: z
    .boolean()
    .default(true)
    .describe(
      'whether the meta-gradients of the contrastive rule are judged at the end, which takes some hundred to some thousand gradients',
    ),
};
