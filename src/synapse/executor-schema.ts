import { made } from '../core/validate';
import { executorNames } from './executor-named';
import { executorSchema, type RuleExecutor } from './rule-executor';

/** Executors of rules, or the names of some, which whoever takes them checks. */
export const executorOrNameSchema = made<RuleExecutor | string>(
  `an executor of rules, or the name of one: auto, ${executorNames.join(', ')}`,
  (value) => typeof value === 'string' || executorSchema.safeParse(value).success,
);
