import { z } from 'zod';
import { InputError } from '../../src/core/errors';
import { distinct } from '../../src/core/validate';
import { creditSetting, estimatorSchema, metaSchema, phaseSchema } from '../../src/run/scenario/settings';
import {
  type FirstValuesSettings,
  firstValuesSchema,
  namesIn,
  namesSchema,
} from '../../src/run/scenario/synapse-settings';
import { complexSynapse, type SynapseModel } from '../../src/synapse/model';

const fraction = z.number().lt(1);

const sharedSettings = {
  heldOut: fraction
    .gt(0)
    .default(0.3)
    .describe('fraction of the samples that is held out, and drives the meta-gradient; above 0 and below 1'),
  test: fraction
    .min(0)
    .default(0.2)
    .describe('fraction that nothing learns from, to judge generalisation by; 0 (none) to below 1'),
  ...estimatorSchema,
  credit: creditSetting,
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
    .describe('strengths to compare with: one for all synapses, the best of these by held-out data'),
  watch: z.int().min(0).default(0).describe('index of the synapse whose phi is recorded step by step'),
  stride: z.int().min(1).default(50).describe('inner steps between two records of it'),
};

/** What each synapse's own strength is compared by: the one variable that must not be negative. */
export function strengthOf({ nonNegative, penalty }: SynapseModel, scenario: string): string {
  const [strength, ...more] = nonNegative;
  if (strength !== undefined && more.length === 0) return strength;
  throw new InputError({
    what: `Scenario "${scenario}" compares a strength for each synapse with one for all, and needs a synapse with one non-negative variable`,
    got: `${penalty}, with ${nonNegative.join(' and ') || 'none'}`,
    legal: 'a model that declares one variable as non-negative',
  });
}

/** The settings with these synapses, whose strength starts at 0.1 where it is the complex synapse's. */
export function strengthSchema<S extends z.ZodRawShape>(own: S, synapse: SynapseModel, strength: string) {
  const { declared, anchor } = synapse;
  const initial = synapse === complexSynapse ? 0.1 : declared[strength]!.initial!;
  const first = {
    ...declared,
    [strength]: { ...declared[strength]!, initial },
    ...(anchor === null
      ? {}
      : { [anchor]: { ...declared[anchor]!, initial: declared[anchor]!.initial ?? 0 } }),
  };
  return z
    .strictObject({
      ...own,
      ...sharedSettings,
      synapse: firstValuesSchema({ ...synapse, declared: first }),
      learn: namesSchema(synapse, [strength], `slow variables that learn, ${strength} among them`).refine(
        (text) => namesIn(text).includes(strength),
        { message: `${strength} among them, which the scenario asks about` },
      ),
      logarithmic: namesSchema(synapse, [strength], 'those that learn by their logarithm'),
    })
    .superRefine((given, context) => {
      const settings = given as unknown as SharedSettings;
      for (const name of namesIn(settings.logarithmic)) {
        if ((settings.synapse[name] ?? 0) > 0) continue;
        const message = '0 has no logarithm; take a value above 0, or logarithmic=none';
        context.addIssue({ code: 'custom', path: ['synapse', name], message, input: settings.synapse[name] });
      }
    });
}

/** What these settings are, once checked, without those of the scenario's own. */
export type SharedSettings = z.output<z.ZodObject<typeof sharedSettings>> & {
  readonly synapse: FirstValuesSettings;
  readonly learn: string;
  readonly logarithmic: string;
};
