import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';

/**
 * The names of methods in a text: one word, or several with commas.
 * @throws InputError for an unknown word, with the nearest legal one, or one that comes twice.
 */
export function wordsOf(text: string, legal: readonly string[]): readonly string[] {
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
  return wanted;
}
