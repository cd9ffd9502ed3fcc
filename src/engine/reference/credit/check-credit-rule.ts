import { InputError } from '../../../core/errors';
import type { Network } from '../../../network/network';

/**
 * Whether the synapses have all that the rule of the network's credit reads and writes.
 * @throws InputError where they have not, or there is no rule, or a name stands for two things.
 */
export function checkCreditRule({ credit, synapse }: Network): void {
  const { kind, rule, activities, numbers, modulators = [], buffers = [] } = credit;
  if (rule === null) {
    throw new InputError({
      what: `Credit by "${kind}" has no rule by which synapses learn from their neurons`,
      got: rule,
      legal: 'a rule that writes "gradient"',
    });
  }
  const who = `Rule "${rule.name}" of the credit "${kind}"`;
  const own = ['gradient', synapse.fast, ...synapse.meta];
  const seen = [...activities.pre, ...activities.post];
  const given = ['weight', ...Object.keys(numbers), ...modulators];
  // Variables of the synapse that the rule has nothing to do with may have any name.
  const used = new Set([...rule.reads, ...rule.writes, ...rule.scalars, ...buffers, ...Object.keys(numbers)]);
  const variables = [synapse.fast, ...synapse.meta].filter((name) => used.has(name));
  checkDistinct(kind, [...new Set(['gradient', 'value', ...variables]), ...seen, ...buffers, ...given]);
  const keeps = (name: string) => `If each synapse keeps "${name}", name it in the buffers of the credit`;
  checkHas(`${who} reads`, rule.reads, [...own, ...seen, ...buffers], (name) =>
    given.includes(name) ? `"${name}" is one number for all synapses: read it without an index` : keeps(name),
  );
  checkHas(`${who} writes`, rule.writes, ['gradient', ...buffers], keeps);
  checkHas(`${who} reads the number`, rule.scalars, given);
  if (rule.writes.includes('gradient')) return;
  throw new InputError({
    what: `${who} does not write "gradient", so no synapse would learn by it`,
    got: rule.writes,
    legal: ['gradient', ...buffers].join(', '),
  });
}

function checkHas(
  what: string,
  names: readonly string[],
  legal: readonly string[],
  advice?: (name: string) => string,
): void {
  const got = names.find((name) => !legal.includes(name));
  if (got === undefined) return;
  throw new InputError({
    what: `${what} what synapses do not have`,
    got,
    legal: legal.join(', '),
    advice: advice?.(got),
  });
}

function checkDistinct(kind: string, names: readonly string[]): void {
  const got = names.find((name, index) => names.indexOf(name) !== index);
  if (got === undefined) return;
  throw new InputError({
    what: `A name stands for two things that a rule of the credit "${kind}" could read`,
    got,
    legal: 'each name for one thing',
    advice: `Give the variable of the synapse, the buffer or the number another name than ${[...new Set(names)].join(', ')}`,
  });
}
