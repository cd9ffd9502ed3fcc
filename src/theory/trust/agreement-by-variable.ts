import type { Quantities } from '../../synapse/rule-executor';
import { type Agreement, agreement } from './agreement';

/** How far another meta-gradient agrees with this one, in each of some slow variables. */
export function agreementByVariable(
  estimate: Quantities,
  other: Quantities,
  variables: readonly string[],
): Readonly<Record<string, Agreement>> {
  return Object.fromEntries(
    variables.map((variable) => [variable, agreement(estimate[variable]!, other[variable]!)] as const),
  );
}
