import { KernelError } from '../../src/core/errors';
import { type GpuCheck, gpuCheck, judgeGpu } from '../../src/synapse/check-gpu';

const check = gpuCheck();

/** What a device gives that computes as JavaScript does, but for what `otherwise` makes of an answer. */
function answers(otherwise: (a: number, b: number, right: number) => number): Float32Array {
  const [, a, b] = check.arrays as [Float32Array, Float32Array, Float32Array];
  return a.map((_, x) => otherwise(a[x]!, b[x]!, plain(check, x)));
}
const plain = ({ kernel, arrays }: GpuCheck, x: number): number =>
  kernel.call.apply({ thread: { x } }, arrays as never);

describe('a graphics device that nobody has tried', () => {
  it('may differ by some digits', () => {
    const rough = answers((_a, _b, right) => right * (1 + 1e-5));
    expect(judgeGpu(check, rough, 'webgl2')).toBeNull();
  });

  it('is refused where a finite number comes out wrong, naming expression and mode', () => {
    const magnitudes = answers((a, b, right) => (a === -1.5 && b === 3 && right === -3.375 ? 3.375 : right));
    expect(() => judgeGpu(check, magnitudes, 'webgl2')).toThrow(KernelError);
    expect(() => judgeGpu(check, magnitudes, 'webgl2')).toThrow(
      /mode "webgl2".*Math\.pow\(a, b\) is 3\.375 for a = -1\.5 and b = 3, where it should be -3\.375.*--rules plain/,
    );
  });

  it('may take what is no number for one, and says so', () => {
    const finite = answers((a, b, right) => (Number.isNaN(a + b) && Number.isNaN(right) ? 0 : right));
    expect(judgeGpu(check, finite, 'webgpu')).toMatch(
      /infinite or none.*is 0 for a = NaN, where it should be NaN/,
    );
  });
});
