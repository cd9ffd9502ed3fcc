import { z } from 'zod';
import { validate } from '../../core/validate';
import type { TraceEntry } from '../../trace/recorder';

const rule = z.object({
  name: z.string(),
  steps: z.array(z.object({ writes: z.string(), source: z.string().max(20_000) })).max(20),
});

/** What `index.json` says of a trace with an account; the file may come from anywhere. */
const accountSchema = z.object({
  columns: z.array(
    z.object({ name: z.string(), variable: z.string(), role: z.string(), of: z.string().nullable() }),
  ),
  rule: z.object({
    fast: z.string(),
    slow: z.array(z.string()).max(64),
    penalty: z.string(),
    terms: z
      .array(z.object({ nudged: z.number(), reference: z.number(), coefficient: z.number() }))
      .max(64)
      .nullable(),
    contrast: z.record(
      z.string(),
      rule.refine(({ steps }) => steps.length > 0),
    ),
    learned: z.record(
      z.string(),
      z.object({
        optimizer: z.string(),
        buffers: z.array(z.string()),
        scalars: z.array(z.string()),
        rules: z.array(rule).max(10),
      }),
    ),
    flow: z.object({ variables: z.array(z.string()), rule }).nullable(),
  }),
});

/** @throws InputError where it is not as a recorder writes it. */
export function checkAccount(entry: TraceEntry): NonNullable<TraceEntry['account']> {
  return validate(accountSchema, entry.account, 'the account in traces/index.json') as NonNullable<
    TraceEntry['account']
  >;
}
