import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { relativeError } from '../../src/baselines/implicit';
import type { ByVariable } from '../../src/run/estimate/estimate';

/** A problem file, with what PyTorch finds in float64. */
export interface TorchProblem {
  readonly name: string;
  readonly problem: {
    readonly free: object;
    readonly nudged: object;
    readonly [key: string]: unknown;
  };
  readonly exact: ByVariable<number[]>;
  readonly estimates: readonly {
    readonly estimator: 'forward' | 'symmetric';
    readonly beta: number;
    readonly metaGradient: ByVariable<number[]>;
  }[];
}

const file = join(__dirname, 'torch/meta-gradients.json');

/** Made once by `torch/meta_gradients.py`, which says how to make them again; kept, since it needs PyTorch. */
export const { problems: torchProblems } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly made: string;
  readonly problems: readonly TorchProblem[];
};

/** The relative error of each variable, the largest of them. */
export function largestError(given: ByVariable<number[]>, truth: ByVariable<number[]>): number {
  expect(Object.keys(given).sort()).toEqual(Object.keys(truth).sort());
  const errors = Object.entries(truth).map(([variable, values]: [string, number[]]) => {
    const own = given[variable as keyof ByVariable<number[]>]!;
    return relativeError(Float64Array.from(own), Float64Array.from(values))!;
  });
  return Math.max(...errors);
}
