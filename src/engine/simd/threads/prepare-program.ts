import { type Kernels, kernelNames } from '../machine/kernels';
import type { Program } from './program';

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
