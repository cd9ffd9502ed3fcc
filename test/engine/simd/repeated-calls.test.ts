import { type Kernels, kernelNames } from '../../../src/engine/simd/machine/kernels';
import { prepareProgram } from '../../../src/engine/simd/threads/prepare-program';
import { prepareProgram as prepareInBrowser } from '../../../src/engine/simd/threads/prepare-program.browser';
import { ProgramRecorder } from '../../../src/engine/simd/threads/program';

/** Kernels that remember how they were called. */
function listening() {
  const calls: string[] = [];
  const note = (name: string) => [name, (...given: number[]) => calls.push(`${name} ${given.join(' ')}`)];
  return { calls, kernels: Object.fromEntries(kernelNames.map(note)) as Kernels };
}

describe.each([
  ['Node', prepareProgram],
  ['a browser', prepareInBrowser],
])('a program in %s', (_, prepare) => {
  it('runs what is to be repeated as often, in its place, each time that it is run', () => {
    const recorder = new ProgramRecorder();
    const program = recorder.record(() => {
      recorder.kernels.clear(1, 2);
      recorder.repeat(3, () => {
        recorder.kernels.scale(3, -0, 0.1);
        recorder.repeat(2, () => recorder.kernels.clear(4, 5));
      });
      recorder.repeat(0, () => recorder.kernels.clear(6, 7));
      recorder.kernels.clear(8, 9);
    });
    const heard = listening();
    const run = prepare(program, heard.kernels);
    run();
    run();
    const once = ['scale 3 0 0.1', 'clear 4 5', 'clear 4 5'];
    const all = ['clear 1 2', ...once, ...once, ...once, 'clear 8 9'];
    expect(heard.calls).toEqual([...all, ...all]);
  });
});
