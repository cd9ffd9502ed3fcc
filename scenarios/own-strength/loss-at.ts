import type { Batch } from '../../src/data/batch';
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
    return { loss, accuracy: network.loss.targets === 'classes' ? accuracyOf(outputs, batch) : null };
  } finally {
    await session.close();
  }
}

function accuracyOf(outputs: ArrayLike<number>, { samples, y }: Batch): number {
  const classes = outputs.length / samples;
  let right = 0;
  for (let sample = 0; sample < samples; sample++) {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (outputs[sample * classes + k]! > outputs[sample * classes + best]!) best = k;
    if (best === y[sample]) right++;
  }
  return right / samples;
}
