import { type Kernels, kernelNames } from '../machine/kernels';

/** Kernel calls as numbers, one after the other: which kernel, how many numbers it is given, and these. */
export type Program = Float64Array;

/**
 * Kernels that do nothing but write down how they are called. What a pass over a network calls depends on shapes and places
 * alone, so that a pass written down once can be run many times, and by another thread.
 */
export class ProgramRecorder {
  private calls: number[] = [];
  readonly kernels: Kernels;

  constructor() {
    const note = (index: number) => {
      return (...given: number[]): void => {
        this.calls.push(index, given.length, ...given);
      };
    };
    this.kernels = Object.fromEntries(
      kernelNames.map((name, index) => [name, note(index)]),
    ) as unknown as Kernels;
  }

  /** What `work` calls. */
  record(work: () => void): Program {
    this.calls = [];
    work();
    return Float64Array.from(this.calls);
  }
}
