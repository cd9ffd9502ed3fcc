import { type Kernels, kernelNames, lossNames } from './kernels';

/** Kernel calls as numbers, one after the other: which kernel, how many numbers it is given, and these. */
export type Program = Float64Array;

/**
 * Kernels that do nothing but write down how they are called. What a pass over a network calls depends on shapes and places
 * alone, so that a pass written down once can be run many times, and by another thread.
 */
export class Recorder {
  private calls: number[] = [];
  readonly kernels: Kernels;

  constructor() {
    const note = (index: number) => {
      // A loss counts as 1 here, so that what a pass makes of it is the factor to multiply the true one with.
      return (...given: number[]): number => {
        this.calls.push(index, given.length, ...given);
        return 1;
      };
    };
    this.kernels = Object.fromEntries(
      kernelNames.map((name, index) => [name, note(index)]),
    ) as unknown as Kernels;
  }

  /** What `work` calls, and what it gives back. */
  record<T>(work: () => T): { program: Program; result: T } {
    this.calls = [];
    const result = work();
    return { program: Float64Array.from(this.calls), result };
  }
}

/** A program made ready to be run many times: gives what its last call of a loss gave, 0 where there is none. */
export function prepareProgram(program: Program, kernels: Kernels): () => number {
  const losses: readonly string[] = lossNames;
  const calls: {
    readonly run: (...given: number[]) => unknown;
    readonly given: number[];
    readonly loss: boolean;
  }[] = [];
  for (let i = 0; i < program.length; ) {
    const name = kernelNames[program[i]!]!;
    const count = program[i + 1]!;
    const given = Array.from(program.subarray(i + 2, i + 2 + count));
    calls.push({ run: kernels[name], given, loss: losses.includes(name) });
    i += 2 + count;
  }
  return () => {
    let loss = 0;
    for (let i = 0; i < calls.length; i++) {
      const { run, given, loss: counts } = calls[i]!;
      const value = run.apply(null, given);
      if (counts) loss = value as number;
    }
    return loss;
  };
}
