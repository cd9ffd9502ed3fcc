import type { SynapseModel } from '../synapse/model';
import { callKernel } from '../synapse/plain-executor';
import type { Quantities } from '../synapse/rule-executor';

/** -(d2R/dtheta dphi) vector, synapse by synapse, for each slow variable theta: where every implicit method ends. */
export function negativeCrossProduct(
  synapse: SynapseModel,
  quantities: Quantities,
  vector: ArrayLike<number>,
): Record<string, Float64Array> {
  const products: Record<string, Float64Array> = {};
  for (const variable of synapse.meta) {
    const cross = new Float64Array(vector.length);
    callKernel(synapse.cross[variable]!, quantities, {}, cross);
    products[variable] = cross.map((value, i) => -value * vector[i]!);
  }
  return products;
}
