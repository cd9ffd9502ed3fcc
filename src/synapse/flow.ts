import { MetaplastError } from '../core/errors';
import type { Rule } from './rule';
import type { Quantities, RuleExecutor } from './rule-executor';

/** What slow variables do by themselves from one meta-step to the next: u <- u + f(all slow variables), all at once. */
export interface Flow {
  /** The slow variables that flow. */
  readonly variables: readonly string[];
  /** Writes their next values into the buffers, then takes these over. */
  readonly rule: Rule;
  /** One for each of them. */
  readonly buffers: readonly string[];
}

/**
 * Lets slow variables flow once.
 * @param slow All slow variables by name; those that flow are written to.
 * @throws MetaplastError where a value leaves the range of numbers; then nothing has changed.
 */
export function flowOnce({ variables, rule, buffers }: Flow, slow: Quantities, executor: RuleExecutor): void {
  const { length } = slow[variables[0]!]!;
  const next = Object.fromEntries(variables.map((name) => [name, slow[name]!.slice()]));
  const room = Object.fromEntries(buffers.map((name) => [name, new Float64Array(length)]));
  executor.run(rule, { ...slow, ...next, ...room });
  for (const [name, values] of Object.entries(next)) {
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) continue;
    throw new MetaplastError({
      what: `The flow would make ${name}[${wrong}] no finite number, so the meta-step was not taken`,
      got: values[wrong],
      advice: 'Lower its couplings: each step may carry over less than all of a difference',
    });
  }
  for (const [name, values] of Object.entries(next)) slow[name]!.set(values);
}
