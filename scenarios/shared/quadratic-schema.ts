import { z } from 'zod';

/** Settings of the quadratic problem and of the gradient descent on it. */
export const quadraticSchema = {
  synapses: z.int().min(2).max(1000).default(50).describe('N, of curvatures 1, 1/2, ..., 1/N; 2 to 1000'),
  lambda: z
    .number()
    .positive()
    .default(0.3)
    .describe('strength of the penalty, with which phases converge; above 0'),
  rate: z
    .number()
    .positive()
    .lt(2)
    .default(1)
    .describe("gradient descent's rate, as a multiple of 1 / (largest curvature of the phase), below 2"),
};

/** Numbers of steps in each phase, one after the other. */
export function stepsSchema(standard: readonly number[]) {
  return z
    .array(z.int().min(1))
    .min(2)
    .refine((steps) => steps.every((count, i) => i === 0 || count > steps[i - 1]!), 'must ascend')
    .default([...standard])
    .describe('numbers of steps in each phase, two or more, ascending');
}
