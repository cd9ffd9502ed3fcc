import { z } from 'zod';
import { distinct } from '../../src/core/validate';
import { creditSetting, estimatorSchema } from '../../src/run/scenario/settings';
import { recorded } from './record';

const ofRow = 'null: what the row says';
const rateOrRow = (what: string) =>
  z.number().positive().nullable().default(null).describe(`${what}, above 0; ${ofRow}`);
const countOrRow = (what: string) =>
  z.int().min(1).nullable().default(null).describe(`${what}, 1 or more; ${ofRow}`);

const inner = {
  rate: rateOrRow('learning rate of the inner steps'),
  steps: countOrRow('inner steps of a learning'),
  metaRate: rateOrRow('learning rate of Adam, which moves lambda'),
};

const methodSettings = {
  contrastive: z
    .strictObject({
      estimator: estimatorSchema.estimator,
      beta: z.number().nullable().default(null).describe(`nudging strength, not 0; ${ofRow}`),
      rate: rateOrRow('learning rate of the free phase'),
      steps: countOrRow('inner steps of the free phase'),
      nudgedRate: rateOrRow('learning rate of the nudged phases'),
      nudgedSteps: countOrRow('inner steps of each nudged phase'),
      optimizerState: z
        .enum(['reset', 'keep'])
        .default('reset')
        .describe('what nudged phases start with: no momentum, or that of the free phase'),
      metaRate: rateOrRow('learning rate of Adam, which moves lambda'),
    })
    .prefault({}),
  t1t2: z.strictObject(inner).prefault({}),
  'conjugate-gradient': z
    .strictObject({
      ...inner,
      cgSteps: z.int().min(1).default(20).describe('steps of conjugate gradient, 1 or more'),
    })
    .prefault({}),
  neumann: z
    .strictObject({
      ...inner,
      terms: z.int().min(1).default(20).describe('terms of the Neumann series, 1 or more'),
      seriesRate: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe('its rate, above 0, below 2 / (largest eigenvalue of the inner Hessian); null: rate'),
    })
    .prefault({}),
  exact: z.strictObject(inner).prefault({}),
};

const shared = {
  method: z
    .string()
    .default('contrastive,t1t2')
    .describe(`${Object.keys(methodSettings).join(', ')}; several with commas, or all`),
  train: countOrRow('training images, drawn with as many of each class as can be'),
  heldOut: countOrRow('held-out images, which drive the meta-gradient, drawn likewise'),
  testImages: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('test images, the first so many; null: all of them'),
  hyperparameters: z
    .enum(['cpu', 'paper'])
    .default('cpu')
    .describe('whose are taken where a setting is null: ones that take minutes, or those of Appendix F'),
  metaSteps: countOrRow('meta-steps'),
  credit: creditSetting,
  minibatch: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe(`samples of an inner step, 0 for all of them; ${ofRow}`),
  momentum: z.number().min(0).lt(1).default(0.9).describe("Nesterov's momentum, 0 to below 1"),
  lambda: z
    .strictObject({
      start: z.number().min(0).nullable().default(null).describe(`its first value, 0 or more; ${ofRow}`),
      by: z
        .enum(['projection', 'logarithm'])
        .default('projection')
        .describe('what keeps it at 0 or above: projection after each meta-step, or learning its logarithm'),
    })
    .prefault({}),
  evaluation: z
    .strictObject({
      every: z
        .int()
        .min(1)
        .default(10)
        .describe(
          'meta-steps from one look at the test images to the next; the last one is always looked at',
        ),
      slice: z
        .int()
        .min(1)
        .default(500)
        .describe('images that are evaluated together, of the test images and of minibatches'),
      statistics: z
        .enum(['batch', 'running'])
        .default('batch')
        .describe(
          'by which mean and variance batch norm evaluates: those of the images at hand, so that each depends on the others, or those that ran along while phi learned the training images',
        ),
    })
    .prefault({}),
  study: z
    .enum(['none', 'steps', 'beta'])
    .default('none')
    .describe(
      'none: one run of each method; steps: Fig 3A, one for each of studySteps; beta: Fig 3B, for each beta, too',
    ),
  studySteps: distinct(z.array(z.int().min(1)).min(1))
    .default([20, 50, 100, 200])
    .describe('inner steps of the free phase that a study compares, ascending'),
  studyBetas: distinct(z.array(z.number().positive()).min(1))
    .default([0.1, 0.3, 1, 3, 10])
    .describe('nudging strengths that the study of beta compares, ascending'),
  traces: z
    .enum(recorded)
    .default('small')
    .describe(
      'whose phi and lambda are recorded at the ends of phases: small: of parameters of up to 5,000 synapses; all of them, or none',
    ),
  stride: z
    .int()
    .min(1)
    .default(20)
    .describe('inner steps from one look at whether the user interrupts to the next'),
  ...methodSettings,
};

/** Settings of an experiment with images: which row of the table, the sizes of its network, and those that all of them have. */
export function visionSchema<S extends z.ZodRawShape>(
  rows: readonly string[],
  standard: string,
  own: S,
): z.ZodObject {
  return z
    .strictObject({
      row: z
        .enum(rows as [string])
        .default(standard)
        .describe("the row of the paper's Table 1: training images / held-out images"),
      ...own,
      ...shared,
    })
    .superRefine((given, context) => {
      const { lambda, contrastive, studySteps, studyBetas } = given as unknown as VisionSettings;
      const wrong = (path: string[], message: string, input: unknown) =>
        context.addIssue({ code: 'custom', path, message, input });
      if (lambda.by === 'logarithm' && lambda.start === 0)
        wrong(['lambda', 'start'], '0 has no logarithm; take a value above 0, or lambda.by=projection', 0);
      if (contrastive.beta === 0)
        wrong(['contrastive', 'beta'], 'a nudging strength of 0 leaves nothing to contrast; try 3', 0);
      for (const [name, values] of Object.entries({ studySteps, studyBetas }))
        if (values.some((value, i) => i > 0 && value < values[i - 1]!))
          wrong([name], 'values must ascend', values);
    }) as z.ZodObject;
}

/** What these settings are, once checked. */
export type VisionSettings = z.output<z.ZodObject<typeof shared>> & { readonly row: string };
