import type { OpenTrace } from './open-trace';

/** The values of all columns of one variable at one row. */
export function readFrame({ values, synapses }: OpenTrace, row: number, variable: number): Float64Array {
  const frame = new Float64Array(synapses);
  values.read(row, variable * synapses, frame);
  return frame;
}
