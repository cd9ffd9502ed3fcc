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

/**
 * A program made ready to be run many times: as JavaScript with its numbers written out, which V8 compiles to calls that put none
 * of them on the heap.
 */
export function prepareProgram(program: Program, kernels: Kernels): () => void {
  const calls: string[] = [];
  for (let i = 0; i < program.length; ) {
    const count = program[i + 1]!;
    const given = Array.from(program.subarray(i + 2, i + 2 + count), exactly);
    calls.push(`kernels.${kernelNames[program[i]!]!}(${given});`);
    i += 2 + count;
  }
  return new Function('kernels', `return () => {\n${calls.join('\n')}\n};`)(kernels);
}

/** A number's text, which reads as the same number. */
const exactly = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`);
