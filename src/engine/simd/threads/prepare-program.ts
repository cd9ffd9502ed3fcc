import { type Kernels, kernelNames } from '../machine/kernels';
import { type Program, repeated } from './program';

/**
 * A program made ready to be run many times: as JavaScript with its numbers written out, which V8 compiles to calls that put none
 * of them on the heap.
 */
export function prepareProgram(program: Program, kernels: Kernels): () => void {
  return new Function('kernels', `return () => {\n${textOf(program)}\n};`)(kernels);
}

function textOf(program: Program): string {
  const lines: string[] = [];
  for (let i = 0; i < program.length; ) {
    const [what, count] = [program[i]!, program[i + 1]!];
    const given = program.subarray(i + 2, i + 2 + count);
    if (what === repeated)
      lines.push(`for (let i = 0; i < ${given[0]}; i++) {\n${textOf(given.subarray(1))}\n}`);
    else lines.push(`kernels.${kernelNames[what]!}(${Array.from(given, exactly)});`);
    i += 2 + count;
  }
  return lines.join('\n');
}

/** A number's text, which reads as the same number. */
const exactly = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`);
