import { z } from 'zod';

/** Ways to end trials early. */
const stopRules = ['median', 'halving', 'none'] as const;

export const searchPlanSchema = z.strictObject({
  metric: z.string().min(1),
  better: z.enum(['lower', 'higher']),
  stop: z.enum(stopRules),
  grace: z.int().min(1),
  reduction: z.int().min(2),
  space: z.string().nullable(),
});

/**
 * What makes a study a search: by which metric of `metrics.ndjson` its trials are compared, which way that is better, and who is stopped early. No trial is
 * stopped before meta-step `grace`; of each rung of successive halving, one of `reduction` goes on. `space` is the name of the space that was searched.
 */
export type SearchPlan = Readonly<z.output<typeof searchPlanSchema>>;
