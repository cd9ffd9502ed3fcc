import { z } from 'zod';
import { aFunction, isSchema, made } from '../../core/validate';
import type { ContrastiveRule } from '../../learning/contrastive';
import type { Quantities } from '../../synapse/rule-executor';
import type { SettingPaths } from './setting-paths';

/** How a scenario's configuration makes its contrastive rule: what lets advice name its settings, and be tried by them. */
export interface RuleSettings<Config = unknown> {
  /** The scenario's schema: what it refuses is not advised. */
  readonly schema: z.ZodType<Config>;
  readonly config: Config;
  /** Which settings do what. Those that are left out are not advised. */
  readonly paths: SettingPaths;
  /** The rule of any configuration. */
  rule(config: Config): ContrastiveRule;
  /** Where phi starts a task, where that depends on the slow variables. */
  startOf?(slow: Quantities): Float64Array;
}

/** How settings make a rule, by its form. */
export const ruleSettingsSchema = z.strictObject({
  schema: made<z.ZodType>("the scenario's schema of its settings", isSchema),
  config: z.record(z.string(), z.unknown()),
  paths: z.record(z.string(), z.string()),
  rule: aFunction<RuleSettings['rule']>(),
  startOf: aFunction<NonNullable<RuleSettings['startOf']>>().optional(),
});
