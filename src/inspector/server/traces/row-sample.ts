import { sha256 } from '../../../core/checksum';
import type { OpenTrace } from './open-trace';

const mostNumbers = 512;

/**
 * By what it is seen that the rows up to one are those that were read before: a run that is resumed cuts its traces and goes on, which the length
 * alone may not show.
 * @param column Of the row's numbers, the first that is looked at.
 */
export function rowSample({ values, moments }: OpenTrace, row: number, column = 0): string {
  const sample = new Float64Array(Math.min(mostNumbers, values.width - column));
  const moment = new Float64Array(moments.width);
  values.read(row, column, sample);
  moments.read(row, 0, moment);
  return sha256(Buffer.concat([Buffer.from(sample.buffer), Buffer.from(moment.buffer)]));
}
