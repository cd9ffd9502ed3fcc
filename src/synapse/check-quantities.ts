import { ofLength } from '../core/checks';
import { InputError } from '../core/errors';
import type { Rule } from './rule';
import type { Quantities, Scalars } from './rule-executor';

/**
 * The number of synapses that a rule is about to run for.
 * @throws InputError where the rule reads or writes a quantity, or reads a scalar, that is not there.
 */
export function checkQuantities(rule: Rule, quantities: Quantities, scalars: Scalars): number {
  const size = quantities[rule.writes[0]!]?.length ?? 0;
  for (const name of [...rule.reads, ...rule.writes]) {
    const values = quantities[name];
    if (values === undefined) missing(rule, `quantity "${name}"`, Object.keys(quantities));
    else ofLength(`${name} of rule "${rule.name}"`, values, size);
  }
  for (const name of rule.scalars) {
    if (scalars[name] === undefined) missing(rule, `scalar "${name}"`, Object.keys(scalars));
  }
  return size;
}

function missing(rule: Rule, what: string, given: string[]): never {
  throw new InputError({
    what: `Rule "${rule.name}" reads ${what}, which this synapse does not have`,
    got: given,
    legal: `${[...rule.reads, ...rule.scalars].join(', ')}`,
  });
}
