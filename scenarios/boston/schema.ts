import { z } from 'zod';
import { distinct } from '../../src/core/validate';
import { estimatorSchema, metaSchema, phaseSchema } from '../../src/run/scenario/settings';

const fraction = z.number().lt(1);

export const bostonSchema = z.strictObject({
  hidden: z.int().min(1).max(200).default(20).describe('hidden tanh units, 1 to 200'),
  heldOut: fraction
    .gt(0)
    .default(0.3)
    .describe(
      'fraction of the 506 samples that is held out, and drives the meta-gradient; above 0 and below 1',
    ),
  test: fraction
    .min(0)
    .default(0.2)
    .describe('fraction that nothing learns from, to judge generalisation by; 0 (none) to below 1'),
  lambda: z
    .strictObject({
      initial: z.number().min(0).default(0.1).describe('strength of every synapse at the start, 0 or more'),
      scale: z
        .enum(['log', 'linear'])
        .default('log')
        .describe('learn log lambda, or lambda itself, projected onto 0 or more'),
    })
    .refine(({ initial, scale }) => initial > 0 || scale === 'linear', {
      path: ['initial'],
      message: '0 has no logarithm; take a strength above 0, or lambda.scale=linear',
    })
    .prefault({}),
  ...estimatorSchema,
  free: phaseSchema({ rate: 0.05, steps: 20_000, tolerance: 1e-6 }),
  nudged: phaseSchema({ rate: 0.05, steps: 20_000, tolerance: 1e-6 }),
  meta: metaSchema({ rate: 0.05 }),
  metaSteps: z.int().min(1).default(30).describe('meta-steps, 1 or more'),
  start: z
    .enum(['continue', 'initial'])
    .default('continue')
    .describe('where phi starts each free phase: at the end of the one before, or at its first values'),
  exactChecks: z
    .int()
    .min(0)
    .default(3)
    .describe('at how many points of the run the exact meta-gradient is computed beside the estimate'),
  oneLambda: distinct(z.array(z.number().positive()))
    .default([0.3, 0.1, 0.03, 0.01, 0.003])
    .describe('strengths to compare with: one lambda for all synapses, the best of these by held-out data'),
  watch: z.int().min(0).default(0).describe('index of the synapse whose phi is recorded step by step'),
  stride: z.int().min(1).default(50).describe('inner steps between two records of it'),
});

export type BostonSettings = z.output<typeof bostonSchema>;
