import { InputError } from '../../../core/errors';
import type { Network } from '../../../network/network';

/**
 * Whether the synapses have all that the rule of the network's credit reads and writes.
 * @throws InputError where they have not, or there is no rule.
 */
export function checkCreditRule({ credit, synapse }: Network): void {
  const { kind, rule, activities, numbers } = credit;
  if (rule === null) {
    throw new InputError({
      what: `Credit by "${kind}" has no rule by which synapses learn from their neurons`,
      got: rule,
      legal: 'a rule that writes "gradient"',
    });
  }
  const own = ['gradient', synapse.fast, ...synapse.meta, ...activities.pre, ...activities.post];
  check(`Rule "${rule.name}" of the credit "${kind}" reads`, rule.reads, own);
  check(`Rule "${rule.name}" of the credit "${kind}" writes`, rule.writes, ['gradient']);
  check(`Rule "${rule.name}" of the credit "${kind}" reads the number`, rule.scalars, [
    'weight',
    ...Object.keys(numbers),
  ]);
}

function check(what: string, names: readonly string[], legal: readonly string[]): void {
  for (const got of names) {
    if (!legal.includes(got))
      throw new InputError({ what: `${what} what synapses do not have`, got, legal: legal.join(', ') });
  }
}
