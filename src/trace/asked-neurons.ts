import { InputError } from '../core/errors';
import type { NeuronPlace } from './neuron-probe';

/** Some neurons, as somebody has named them. */
export interface AskedNeurons {
  /** The word for them: `0:3`, `2:0-4`, `0:*`. */
  readonly word: string;
  matches(neuron: NeuronPlace): boolean;
}

const legal = 'LAYER:UNIT (0:3), each a number, a range (0:2-4), or * for all; several with commas';

/**
 * The neurons that a text names, word by word.
 * @throws InputError where a word names none.
 */
export function parseNeurons(text: string): AskedNeurons[] {
  return text.split(',').map((one) => {
    const word = one.trim();
    const parts = word.split(':').map(numbers);
    const [layer, unit] = parts;
    if (parts.length !== 2 || layer == null || unit == null)
      throw new InputError({ what: `"${word}" names no neuron`, got: text, legal });
    return { word, matches: (neuron) => layer(neuron.layer) && unit(neuron.unit) };
  });
}

/** Whether a number is the one, or in the range, that a text says; null where it says none. */
function numbers(text: string): ((value: number) => boolean) | null {
  if (text === '*') return () => true;
  const found = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
  if (found === null) return null;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return first > last ? null : (value) => value >= first && value <= last;
}
