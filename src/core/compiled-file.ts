import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MetaplastError } from './errors';

/** The folder that this code lies in: `src` of sources or of what they are compiled to. */
const here = resolve(__dirname, '..');

/**
 * A file that the build makes, by its path in `src`: beside this code where that is compiled, else in what the build makes of it.
 * @param missing what is wrong where there is none: `Workers are not compiled`
 * @throws MetaplastError where there is none.
 */
export function compiledFile(file: string, missing: string): string {
  const places = [join(here, file), resolve(here, '../dist/src', file)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new MetaplastError({
    what: missing,
    got: `${places.join(' and ')} do not exist`,
    advice: 'Run: npm run build',
  });
}
