import type { Loss } from '../network/loss';

const curvatures: Readonly<Record<string, (outputs: number) => number>> = {
  mse: (outputs) => 2 / outputs,
  'cross-entropy': () => 0.5,
};

/** What the curvature of one sample's loss is at most, by its outputs, where that is known; else 2. */
export function costCurvature({ kind }: Loss, outputs: number): number {
  return curvatures[kind]?.(outputs) ?? 2;
}
