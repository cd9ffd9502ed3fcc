import type { Batch } from '../../src/data/batch';
import type { Simulation } from '../../src/learning/simulator';

/** The loss of any data at some phi, by the simulation's own engine. */
export async function lossAt(simulation: Simulation, phi: Float64Array, batch: Batch): Promise<number> {
  const session = await simulation.open();
  try {
    await session.write(simulation.network.synapse.fast, phi);
    return (await session.evaluate(batch)).loss;
  } finally {
    await session.close();
  }
}
