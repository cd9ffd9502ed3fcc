import { wordsOf } from '../../../src/few-shot/methods/words-of';
import { contrastive } from './contrastive';
import { ewc } from './ewc';
import { mesu } from './mesu';
import type { SequentialMethod } from './method';
import { methodNames } from './method-names';
import { replay } from './replay';
import { sgd } from './sgd';
import { si } from './si';

const allMethods: readonly SequentialMethod[] = [sgd, ewc, si, contrastive, mesu, replay];

/** The methods that a text names, in the order of tables. @throws InputError for an unknown one, or one that comes twice. */
export function methodsNamed(text: string): readonly SequentialMethod[] {
  if (text === 'all') return allMethods;
  const wanted = wordsOf(text, methodNames);
  return allMethods.filter(({ name }) => wanted.includes(name));
}
