import type { Synapse } from '../../src/synapse/synapse';

/** Where a synapse is, in a few words. */
export function synapseInWords({ layer, parameter, from, to, row, column }: Synapse): string {
  if (from === null) return `layer ${layer}: ${parameter} of ${to}`;
  const place = row === undefined ? '' : ` (${row}, ${column})`;
  return `layer ${layer}: ${from} to ${to}${place}`;
}
