import { resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../core/errors';
import { madeBy } from '../../core/origin';
import { validate } from '../../core/validate';
import { defaultOf, loadFile } from './load-file';

/**
 * Makes something (a method, a network, an engine, ...) by a function of a file of your own, so that workers can make it again:
 *
 * ```ts
 * const learner = await fromModule<MetaLearner>('./my-learner.ts', 'myLearner', { rate: 0.1 });
 * ```
 * @param file The file's path, in TypeScript or JavaScript.
 * @param name The function that it exports; `default` for its default export. An export that is no function is taken as it is.
 * @param given What the function is called with: plain data, or what functions of metaplast or `fromModule` have made.
 * @throws InputError where the file cannot be loaded, or exports nothing of that name.
 */
export async function fromModule<Made extends object>(
  file: string,
  name: string,
  ...given: readonly unknown[]
): Promise<Made> {
  validate(z.string(), file, 'the file of fromModule');
  validate(z.string(), name, 'the export of fromModule');
  const path = resolve(file);
  const module = await loadFile(path, file, 'The module', 'the path of a file, such as ./my-learner.ts');
  const exported = name === 'default' ? defaultOf(module) : (module as Record<string, unknown>)[name];
  const made: unknown = typeof exported === 'function' ? await exported(...given) : exported;
  if (typeof made === 'object' && made !== null) {
    return madeBy('src/run/scenario/from-module', 'fromModule', [path, name, ...given], made as Made);
  }
  throw new InputError({
    what: `"${file}" makes no object by "${name}"`,
    got: made,
    legal: `one of its exports: ${Object.keys(module as object).join(', ')}`,
  });
}
