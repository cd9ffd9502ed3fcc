import { RandomStreams } from '../../src/core/random';
import type { CharacterSet } from '../../src/data/omniglot/character-set';

/**
 * Whole characters for validation, and all others for training: by the run's stream `validation characters`, the same in each of its processes.
 * @returns what chooses them when the set is opened.
 */
export function charactersFor(part: 'training' | 'validation', count: number, seed: number) {
  return ({ characters }: CharacterSet): Int32Array => {
    const order = new RandomStreams(seed).stream('validation characters').permutation(characters.length);
    return part === 'validation' ? order.subarray(0, count) : order.subarray(count);
  };
}
