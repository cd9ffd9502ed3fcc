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
    if (values === undefined) missing(rule, name, quantities);
    else ofLength(`${name} of rule "${rule.name}"`, values, size);
  }
  for (const name of rule.scalars) {
    if (scalars[name] === undefined) missingScalar(rule, name, scalars);
  }
  return size;
}

function missing(rule: Rule, name: string, quantities: Quantities): never {
  throw new InputError({
    what: `Rule "${rule.name}" uses "${name}", which the synapses do not have here`,
    got: name,
    legal: Object.keys(quantities).join(', '),
    advice: `If the rule of an optimiser keeps "${name}" between steps, name it in the optimiser's \`buffers\``,
  });
}

function missingScalar(rule: Rule, name: string, scalars: Scalars): never {
  throw new InputError({
    what: `Rule "${rule.name}" reads the number "${name}", which it was not given`,
    got: name,
    legal: Object.keys(scalars).join(', ') || 'none was given',
    advice: `Give it as a scalar: an optimiser does so by \`scalarsAt\``,
  });
}
