import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { contrastiveMethod, modulationMethod } from './contrastive-method';
import { imamlMethod, implicitMethod, t1t2Method } from './implicit-methods';
import type { Method } from './method';
import { jointMethod, scratchMethod } from './plain-methods';
import { firstOrderMamlMethod, mamlMethod, reptileMethod } from './unrolled-methods';

/** Every method, in the order in which tables show them. */
export const methods: readonly Method[] = [
  contrastiveMethod,
  modulationMethod,
  mamlMethod,
  firstOrderMamlMethod,
  reptileMethod,
  imamlMethod,
  t1t2Method,
  implicitMethod,
  jointMethod,
  scratchMethod,
];

/**
 * The methods that a text names: one word, several with commas, or `all`, which leaves out the exact one that only small
 * networks allow. In the order of the table, each once.
 * @throws InputError for an unknown word, with the nearest legal one, or one that comes twice.
 */
export function methodsNamed(text: string): readonly Method[] {
  if (text === 'all') return methods.filter((method) => method !== implicitMethod);
  const legal = methods.map(({ name }) => name);
  const wanted = text.split(',').map((word) => word.trim());
  for (const [place, word] of wanted.entries()) {
    if (wanted.indexOf(word) !== place) {
      throw new InputError({ what: 'A method is named twice', got: text, legal: 'each once' });
    }
    if (legal.includes(word)) continue;
    throw new InputError({
      what: 'There is no such method',
      got: word,
      legal: `${legal.join(', ')}; several with commas, or all`,
      advice: didYouMean(word, legal),
    });
  }
  return methods.filter(({ name }) => wanted.includes(name));
}
