import { derivativesAt } from '../synapse/derivatives-at';
import type { SynapseModel } from '../synapse/model';
import type { Quantities } from '../synapse/rule-executor';

/** -(d2R/dtheta dphi) vector, synapse by synapse, for each slow variable theta: where every implicit method ends. @throws KinkError */
export function negativeCrossProduct(
  synapse: SynapseModel,
  quantities: Quantities,
  vector: ArrayLike<number>,
): Record<string, Float64Array> {
  const products: Record<string, Float64Array> = {};
  for (const variable of synapse.meta) {
    const by = `${synapse.fast} and ${variable}`;
    const cross = derivativesAt(synapse, synapse.cross[variable]!, quantities, by);
    products[variable] = cross.map((value, i) => -value * vector[i]!);
  }
  return products;
}
