import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MetaplastError } from '../core/errors';

export type ObservablePlot = typeof import('@observablehq/plot');

/**
 * Observable Plot, as one CommonJS file that the build makes of it: it is published as ES modules only, which neither Jest
 * nor Node before 20.19 lets CommonJS require. See docs/decisions/0019-plot-bundled.md.
 * @throws MetaplastError where metaplast was not built.
 */
export function observablePlot(): ObservablePlot {
  const file = 'observable-plot.bundle.js';
  const places = [join(__dirname, file), resolve(__dirname, '../../dist/src/plot', file)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return require(found);
  throw new MetaplastError({
    what: 'The library that draws figures is not built',
    got: `${places.join(' and ')} do not exist`,
    advice: 'Run: npm run build',
  });
}
