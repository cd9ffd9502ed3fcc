import { InputError } from '../../core/errors';
import { contrastiveMethod, modulationMethod } from './contrastive-method';
import { imamlMethod, implicitMethod, t1t2Method } from './implicit-methods';
import type { Method } from './method';
import { jointMethod, nearestMethod, scratchMethod } from './plain-methods';
import { anilMethod, firstOrderMamlMethod, mamlMethod, reptileMethod } from './unrolled-methods';
import { wordsOf } from './words-of';

/** Every method that comes with metaplast, in the order in which tables show them. */
export const methods: readonly Method[] = [
  contrastiveMethod,
  modulationMethod,
  mamlMethod,
  firstOrderMamlMethod,
  anilMethod,
  reptileMethod,
  imamlMethod,
  t1t2Method,
  implicitMethod,
  jointMethod,
  scratchMethod,
  nearestMethod,
];

/**
 * The same, and a scenario's own.
 * @param settings The names of the settings that stand beside those of methods.
 * @throws InputError where two have one name, or one has that of a setting, or the word for all of them.
 */
export function allMethods(own: readonly Method[], settings: readonly string[]): readonly Method[] {
  const all = [...methods, ...own];
  const takenNames = ['all', ...settings];
  for (const [i, { name }] of all.entries()) {
    if (all.findIndex((other) => other.name === name) === i && !takenNames.includes(name)) continue;
    throw new InputError({
      what: 'The name of a method is taken',
      got: name,
      legal: `none of ${[...methods.map((method) => method.name), ...takenNames].join(', ')}`,
    });
  }
  return all;
}

/**
 * The methods that a text names: one word, several with commas, or `all`, which leaves out the exact one that only small
 * networks allow. In the order of the table, each once.
 * @param among Those that there are. Default: the ones that come with metaplast.
 * @throws InputError for an unknown word, with the nearest legal one, or one that comes twice.
 */
export function methodsNamed(text: string, among: readonly Method[] = methods): readonly Method[] {
  if (text === 'all') return among.filter((method) => method !== implicitMethod);
  const wanted = wordsOf(
    text,
    among.map(({ name }) => name),
  );
  return among.filter(({ name }) => wanted.includes(name));
}
