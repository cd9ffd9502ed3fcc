import { type Kernels, kernelNames } from '../machine/kernels';
import { type Program, repeated } from './program';

/** A program made ready to be run many times: as a list of calls, since pages of a strict policy compile no text. */
export function prepareProgram(program: Program, kernels: Kernels): () => void {
  const calls: (() => void)[] = [];
  for (let i = 0; i < program.length; ) {
    const [what, count] = [program[i]!, program[i + 1]!];
    const given = program.subarray(i + 2, i + 2 + count);
    calls.push(what === repeated ? loopOf(given, kernels) : callOf(what, Array.from(given), kernels));
    i += 2 + count;
  }
  return () => {
    for (let i = 0; i < calls.length; i++) calls[i]!();
  };
}

function callOf(what: number, given: number[], kernels: Kernels): () => void {
  const kernel = kernels[kernelNames[what]!];
  return () => kernel.apply(null, given);
}

function loopOf(given: Program, kernels: Kernels): () => void {
  const times = given[0]!;
  const run = prepareProgram(given.subarray(1), kernels);
  return () => {
    for (let i = 0; i < times; i++) run();
  };
}
