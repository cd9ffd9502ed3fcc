import type { Batch } from './batch';

/** How many samples have their largest output at their class; of equal ones the first counts. */
export function countRight(outputs: ArrayLike<number>, { samples, y }: Batch): number {
  const classes = outputs.length / samples;
  let right = 0;
  for (let sample = 0; sample < samples; sample++) {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (outputs[sample * classes + k]! > outputs[sample * classes + best]!) best = k;
    if (best === y[sample]) right++;
  }
  return right;
}
