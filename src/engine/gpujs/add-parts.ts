import type { DeviceThis, Handle, KernelMaker } from './kernel-maker';
import type { SampleBlocks } from './sample-blocks';

interface Places {
  /** Where the first and the second parameter begin in the flat vector, and how many entries each has. */
  readonly first: number;
  readonly second: number;
  readonly firsts: number;
  readonly seconds: number;
  readonly blocks: number;
}

/** Entries of other layers pass through. */
function collect(this: DeviceThis<Places>, vector: number[], parts: number[][]) {
  const first = this.thread.x - this.constants.first;
  const second = this.thread.x - this.constants.second;
  let sum = 0;
  if (first >= 0 && first < this.constants.firsts) {
    for (let b = 0; b < this.constants.blocks; b++) sum += parts[b]![first]!;
  } else if (second >= 0 && second < this.constants.seconds) {
    for (let b = 0; b < this.constants.blocks; b++) sum += parts[b]![this.constants.firsts + second]!;
  }
  return vector[this.thread.x]! + sum;
}

/**
 * Makes what adds a layer's part to a whole flat vector, where the layer sums its own parameters' entries block by block: `parts` are
 * [blocks][entries of the first parameter, then of the second].
 */
export function addParts(
  make: KernelMaker,
  vectorSize: number,
  { blocks }: SampleBlocks,
  places: Omit<Places, 'blocks'>,
): (vector: Handle, parts: Handle) => Handle {
  return make(collect, [vectorSize], { ...places, blocks });
}
