import type { Session } from '../engine/engine';
import type { SynapseModel } from '../synapse/model';
import type { Quantities } from '../synapse/rule-executor';

/** Every synapse's own variables, as a session holds them. */
export async function readQuantities(session: Session, { fast, meta }: SynapseModel): Promise<Quantities> {
  const quantities: Record<string, Float64Array> = {};
  for (const name of [fast, ...meta]) quantities[name] = await session.read(name);
  return quantities;
}
