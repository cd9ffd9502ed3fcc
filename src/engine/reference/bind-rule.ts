import { bindKernel } from '../../synapse/plain-executor';
import type { Rule } from '../../synapse/rule';
import type { Quantities, Scalars } from '../../synapse/rule-executor';

/** Runs one rule over all synapses, in place. */
export type BoundRule = (scalars: Scalars) => void;

/** Binds a rule to the arrays that it reads and writes. */
export type BindRule = (rule: Rule, quantities: Quantities) => BoundRule;

/** As it is written, in float64. */
export const bindPlainly: BindRule = (rule, quantities) => {
  const steps = rule.steps.map(({ writes, kernel }) => bindKernel(kernel, quantities, quantities[writes]!));
  return (scalars) => {
    for (const step of steps) step(scalars);
  };
};
