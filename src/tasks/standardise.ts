import type { Batch } from '../data/batch';

/**
 * Learns means and standard deviations from one batch, and returns what standardises any batch by them.
 * A column that is constant in the training batch becomes 0 there: it is centred, not divided. Class indices stay as they are.
 */
export function standardiser(
  training: Batch,
  targets: 'values' | 'classes' = 'values',
): (batch: Batch) => Batch {
  const inputs = columnStatistics(training.x, training.inputs);
  const outputs = targets === 'classes' ? null : columnStatistics(training.y, training.targets);
  return (batch) => ({
    ...batch,
    x: applied(batch.x, inputs),
    y: outputs === null ? batch.y.slice() : applied(batch.y, outputs),
  });
}

interface Statistics {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

function columnStatistics(values: Float64Array, columns: number): Statistics {
  const rows = values.length / columns;
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / rows;
  // The mean of a constant is the constant: rounding must leave no variance that one could divide by.
  for (let c = 0; c < columns; c++) if (isConstant(values, columns, c)) mean[c] = values[c]!;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - mean[i % columns]!;
    scale[i % columns]! += (deviation * deviation) / rows;
  }
  for (let c = 0; c < columns; c++) scale[c] = scale[c]! > 0 ? 1 / Math.sqrt(scale[c]!) : 1;
  return { mean, scale };
}

function isConstant(values: Float64Array, columns: number, column: number): boolean {
  for (let i = column; i < values.length; i += columns) if (values[i] !== values[column]) return false;
  return true;
}

function applied(values: Float64Array, { mean, scale }: Statistics): Float64Array {
  const columns = mean.length;
  return values.map((value, i) => (value - mean[i % columns]!) * scale[i % columns]!);
}
