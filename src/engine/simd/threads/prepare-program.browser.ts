import { type Kernels, kernelNames } from '../machine/kernels';
import type { Program } from './program';

/** A program made ready to be run many times: as a list of calls, since pages of a strict policy compile no text. */
export function prepareProgram(program: Program, kernels: Kernels): () => void {
  const calls: (() => void)[] = [];
  for (let i = 0; i < program.length; ) {
    const count = program[i + 1]!;
    const given = Array.from(program.subarray(i + 2, i + 2 + count));
    const kernel = kernels[kernelNames[program[i]!]!];
    calls.push(() => kernel.apply(null, given));
    i += 2 + count;
  }
  return () => {
    for (let i = 0; i < calls.length; i++) calls[i]!();
  };
}
