import type { Frame } from '../../protocol/traces';
import type { OpenTrace } from './open-trace';

/** The values of all columns of one variable at one row. */
export function readFrame({ values, synapses }: OpenTrace, row: number, variable: number): Frame {
  const frame = new Float64Array(synapses);
  values.read(row, variable * synapses, frame);
  return frame;
}
