import { InputError } from '../core/errors';
import type { Network } from './network';

/**
 * Which synapses are those of the last layers: 1 for each that is, 0 for each that is not. Of layers, those count whose parameters learn inside a task.
 * @throws InputError where there are not so many.
 */
export function lastLayers({ blocks, size }: Network, count: number): Float64Array {
  const learning = [...new Set(blocks.map(({ layer }) => layer))];
  if (!(count >= 1 && count <= learning.length)) {
    throw new InputError({
      what: 'The network has not so many layers whose parameters learn inside a task',
      got: count,
      legal: `1 to ${learning.length}`,
    });
  }
  const last = learning.slice(-count);
  const marks = new Float64Array(size);
  for (const block of blocks)
    if (last.includes(block.layer)) marks.fill(1, block.offset, block.offset + block.size);
  return marks;
}
