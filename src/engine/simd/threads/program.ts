import { type Kernels, kernelNames } from '../machine/kernels';

/**
 * Kernel calls as numbers, one after the other: which kernel, how many numbers it is given, and these. `repeated` stands where a kernel would: how many
 * numbers follow, how many times, and a program that is run as often.
 */
export type Program = Float64Array;

/** Stands for what is run several times. */
export const repeated = -1;

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
    return Float64Array.from(this.callsOf(work));
  }

  /** While something is recorded: what `work` calls is run so many times. */
  readonly repeat = (times: number, work: () => void): void => {
    const before = this.calls;
    const calls = this.callsOf(work);
    this.calls = before;
    if (times > 0 && calls.length > 0) before.push(repeated, 1 + calls.length, times, ...calls);
  };

  private callsOf(work: () => void): number[] {
    this.calls = [];
    work();
    return this.calls;
  }
}
