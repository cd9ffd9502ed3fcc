import type { Batch } from '../../src/data/batch';
import { countRight } from '../../src/data/count-right';
import type { Simulation } from '../../src/learning/simulator';

export interface LossAndAccuracy {
  readonly loss: number;
  /** Share of the samples whose largest output is that of their class; null where targets are values. */
  readonly accuracy: number | null;
}

/** The loss of any data at some phi, by the simulation's own engine. */
export async function lossAt(
  simulation: Simulation,
  phi: Float64Array,
  batch: Batch,
): Promise<LossAndAccuracy> {
  const session = await simulation.open();
  try {
    const { network } = simulation;
    await session.write(network.synapse.fast, phi);
    const { loss, outputs } = await session.evaluate(batch);
    const isClasses = network.loss.targets === 'classes';
    return { loss, accuracy: isClasses ? countRight(outputs, batch) / batch.samples : null };
  } finally {
    await session.close();
  }
}
