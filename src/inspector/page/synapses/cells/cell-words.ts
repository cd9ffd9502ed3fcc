import type { BlockInfo } from '../../../protocol/runs';

/** Where a cell is, by axis: `[['to', 3], ['from', 7]]`. */
export function cellIndices({ shape, axes }: BlockInfo, cell: number): (readonly [string, number])[] {
  const indices: (readonly [string, number])[] = [];
  for (let axis = shape.length - 1, rest = cell; axis >= 0; axis--) {
    indices.unshift([axes[axis]!, rest % shape[axis]!]);
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices;
}

/** A cell in words: `layer 0: weight from unit 3 to unit 7`, `layer 1: bias of channel 2`. */
export function cellInWords(block: BlockInfo, cell: number): string {
  return `layer ${block.layer}: ${connectionWords(block, cell)}`;
}

function connectionWords(block: BlockInfo, cell: number): string {
  const indices = cellIndices(block, cell);
  const to = indices[0]![1];
  const kernel = indices.slice(1).filter(([axis]) => axis !== 'from');
  const from = indices.slice(1).filter(([axis]) => axis === 'from');
  if (indices.length === 1) return `${block.parameter} of ${block.ends} ${to}`;
  const source = from.map(([, index]) => index).join(', ');
  if (kernel.length === 0) return `${block.parameter} from unit ${source} to ${block.ends} ${to}`;
  const place = kernel.map(([axis, index]) => `${axis} ${index}`).join(', ');
  return `${block.parameter} from channel ${source} at ${place} of the kernel to channel ${to}`;
}

/** What a parameter is in a heading: `weight, 50 × 13`, `kernels of 5 × 5, 12 × 3`, `bias, 50`. */
export function blockInWords({ parameter, shape, axes }: BlockInfo): string {
  const kernel = shape.filter((_, axis) => axis > 0 && axes[axis] !== 'from');
  const ends = shape.filter((_, axis) => axis === 0 || axes[axis] === 'from');
  const size = ends.join(' × ');
  return kernel.length === 0
    ? `${parameter}, ${size}`
    : `${parameter}, ${size} kernels of ${kernel.join(' × ')}`;
}
