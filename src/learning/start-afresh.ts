import type { InnerStep, Session } from '../engine/engine';
import type { Network } from '../network/network';

/** Puts phi where a task starts, and empties what the optimiser keeps. */
export async function startAfresh(
  { synapse, size }: Network,
  session: Session,
  { buffers }: InnerStep,
  start: Float64Array,
): Promise<void> {
  await session.write(synapse.fast, start);
  for (const buffer of buffers) await session.write(buffer, new Float64Array(size));
}
