import { InputError } from '../core/errors';
import { type Batch, makeBatch } from './batch';
import { bostonRows } from './boston-rows';

/** The 13 inputs of the Boston housing data (Harrison and Rubinfeld 1978), in their published order. */
export const bostonFeatures = [
  'crim',
  'zn',
  'indus',
  'chas',
  'nox',
  'rm',
  'age',
  'dis',
  'rad',
  'tax',
  'ptratio',
  'b',
  'lstat',
] as const;

/** The target: median value of owner-occupied homes, in 1000 US dollars. */
export const bostonTarget = 'medv';

/**
 * Boston housing as published: 506 census tracts, 13 inputs, one target, not standardised.
 * @throws InputError where the installed data set is not the published one.
 */
export function boston(): Batch {
  const rows = bostonRows();
  if (rows.length !== 506) {
    throw new InputError({
      what: 'The Boston data set is not the published one',
      got: rows.length,
      legal: '506 rows',
    });
  }
  return makeBatch('boston', {
    samples: rows.length,
    inputs: bostonFeatures.length,
    targets: 1,
    x: Float64Array.from(rows.flatMap((row) => bostonFeatures.map((name) => row[name]!))),
    y: Float64Array.from(rows, (row) => row[bostonTarget]!),
  });
}
