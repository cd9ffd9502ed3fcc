import { join } from 'node:path';
import { InputError } from '../core/errors';
import { readNpy } from '../data/npy/read';
import type { AskedNeurons } from './asked-neurons';
import type { NeuronPlace } from './neuron-probe';
import type { NeuronTraceEntry } from './neuron-rows';

/** The state of one neuron in one sample over the rows of a trace. */
export interface NeuronCourse extends NeuronPlace {
  /** Index of the sample in its batch. */
  readonly sample: number;
  readonly values: Float64Array;
}

/** A trace of neurons read back. */
export interface NeuronTable {
  readonly entry: NeuronTraceEntry;
  /** [rows][task, phase, beta, step, sweep, on] */
  readonly moments: readonly (readonly number[])[];
  readonly courses: readonly NeuronCourse[];
}

/**
 * The rows of a trace of neurons that are in both of its files, as many as the entry's shape has at the most.
 * @param asked Of these neurons only.
 * @throws InputError where it holds none of those that a word names, or its files cannot be read.
 */
export function neuronTable(
  folder: string,
  entry: NeuronTraceEntry,
  asked?: readonly AskedNeurons[],
): NeuronTable {
  const { neurons, samples } = entry;
  const missing = (asked ?? []).filter(({ matches }) => !neurons.some(matches));
  if (missing.length > 0) {
    throw new InputError({
      what: `Trace "${entry.file.replace(/\.npy$/, '')}" holds no such neuron`,
      got: missing.map(({ word }) => word).join(', '),
      legal: neuronsInWords(neurons),
    });
  }
  const { data, shape } = readNpy(join(folder, entry.file), entry.shape[0]);
  const when = readNpy(join(folder, entry.when.file), entry.shape[0]);
  const rows = Math.min(shape[0]!, when.shape[0]!); // A killed writer may have got further with one of the two.
  const width = samples.length * neurons.length;
  const courses = samples.flatMap((sample, s) =>
    neurons.flatMap((neuron, n) => {
      if (asked !== undefined && !asked.some(({ matches }) => matches(neuron))) return [];
      const at = s * neurons.length + n;
      const values = Float64Array.from({ length: rows }, (_, row) => data[row * width + at]!);
      return [{ ...neuron, sample, values }];
    }),
  );
  const columns = entry.when.columns.length;
  const moments = Array.from({ length: rows }, (_, row) => [
    ...when.data.subarray(row * columns, (row + 1) * columns),
  ]);
  return { entry, moments, courses };
}

/** `0:0-9, 2:0`: the first and the last of each layer, and how many where some between them are missing. */
export function neuronsInWords(neurons: readonly NeuronPlace[]): string {
  const byLayer = new Map<number, number[]>();
  for (const { layer, unit } of neurons) byLayer.set(layer, [...(byLayer.get(layer) ?? []), unit]);
  const words = [...byLayer].map(([layer, units]) => {
    const [first, last] = [units[0]!, units.at(-1)!];
    if (units.length === 1) return `${layer}:${first}`;
    const isRun = last - first === units.length - 1;
    return isRun ? `${layer}:${first}-${last}` : units.map((unit) => `${layer}:${unit}`).join(', ');
  });
  return words.join(', ');
}
