import type { GPU } from 'gpu.js';
import { KernelError } from '../core/errors';
import { lowerForGpu } from '../kernel/gpu/lower-for-gpu';
import { defineKernel, type Kernel } from '../kernel/kernel';
import { compileForGpu } from './compile-for-gpu';

/** The dialect's functions and operators, of which devices have an arithmetic of their own. */
const expressions = [
  ...['Math.abs(a)', 'Math.exp(a)', 'Math.log(a)', 'Math.sqrt(a)', 'Math.tanh(a)', 'Math.sign(a)'],
  ...['Math.floor(a)', 'Math.ceil(a)', 'Math.round(a)', 'Math.trunc(a)'],
  ...[
    'Math.pow(a, b)',
    'Math.min(a, b)',
    'Math.max(a, b)',
    'a + b',
    'a - b',
    'a * b',
    'a / b',
    'a % b',
    'a - a',
    'a / a',
  ],
  ...['a < b ? 1 : 0', 'a >= b ? 1 : 0', 'a === b ? 1 : 0', 'a !== b ? 1 : 0', 'a ? 1 : 0'],
] as const;

const numbers = [
  ...[
    -1.5, 3, -1.5, 0.5, 0, 0.5, 2.5, -3, 1e-7, 1e7, -20, 20, 80, 0.1, -3, 2, 0.1, -0.7, -4, -4, 100, 7, 3e38,
    2.5e38,
  ],
  ...[Number.NaN, 1, 1, Number.NaN, Infinity, -2, -Infinity, 0.5, 1, Infinity, Infinity, Infinity],
].map(Math.fround);

/** All expressions at all pairs of neighbours, an entry each. */
const points = expressions.flatMap((expression, which) =>
  numbers.flatMap((a, i) => (i % 2 === 0 ? [{ expression, which, a, b: numbers[i + 1]! }] : [])),
);

/** Every expression in one kernel, so that a device compiles one only; `which` says what an entry is to be. */
function checkingKernel(): Kernel {
  const lines = expressions.map((expression, which) => {
    const read = expression.replace(/\b([ab])\b/g, '$1[this.thread.x]');
    return `if (which[this.thread.x] === ${which}) return ${read};`;
  });
  return defineKernel(`function check(which, a, b) { ${lines.join('\n')} return 0; }`);
}

/** A question to a device: a kernel, and its arrays in the order of its parameters. */
export interface GpuCheck {
  readonly kernel: Kernel;
  readonly arrays: readonly Float32Array[];
}

export function gpuCheck(): GpuCheck {
  const arrays = (['which', 'a', 'b'] as const).map((name) =>
    Float32Array.from(points, (point) => point[name]),
  );
  return { kernel: checkingKernel(), arrays };
}

/** Far beyond what devices may differ by (docs/decisions/0021), and far below what a wrong function is off by. */
const tolerance = 1e-3;

/**
 * Compares what a device made of the check with the plain call.
 * @returns what it does otherwise with numbers that are infinite or none; null where that is nothing.
 * @throws KernelError naming the first expression that it gets wrong of finite numbers.
 */
export function judgeGpu({ kernel, arrays }: GpuCheck, got: ArrayLike<number>, mode: string): string | null {
  let caveat: string | null = null;
  points.forEach(({ expression, a, b }, x) => {
    const truth = Math.fround(kernel.call.apply({ thread: { x } }, arrays as never));
    const value = got[x]!;
    if (Object.is(value, truth) || Math.abs(value - truth) <= tolerance * Math.abs(truth)) return;
    const of = /\bb\b/.test(expression) ? `a = ${a} and b = ${b}` : `a = ${a}`;
    const found = `${expression} is ${value} for ${of}, where it should be ${truth}`;
    if (Number.isFinite(a) && Number.isFinite(b)) {
      throw new KernelError({
        what: `GPU.js in mode "${mode}" computes rules wrongly on this device: ${found}`,
        advice: 'Take --rules plain and another engine than gpujs',
      });
    }
    caveat ??= `numbers that are infinite or none are not what they are in JavaScript here: ${found}`;
  });
  return caveat;
}

/** What devices were found to do, by mode: each is asked once in a process. */
const caveats = new Map<string, string | null>();

/**
 * Asks a graphics device whether it computes what rules say: it may be one that nobody has tried. WebAssembly and JavaScript are the
 * same everywhere.
 * @returns what `judgeGpu` does; a promise of it in modes that answer later
 * @throws KernelError as `judgeGpu` does.
 */
export function checkGpu(gpu: GPU): string | null | Promise<string | null> {
  const { mode } = gpu;
  if (mode === 'cpu' || mode === 'webasm') return null;
  const known = caveats.get(mode);
  if (known !== undefined) return known;
  const check = gpuCheck();
  const { source, functions, numbers, numbersOf } = lowerForGpu(check.kernel, mode);
  const values = new Float64Array(numbers);
  numbersOf({}, values, 0);
  const built = compileForGpu(gpu, source, { output: [points.length], functions }) as Answering;
  const finish = (got: ArrayLike<number>): string | null => {
    built.destroy();
    const caveat = judgeGpu(check, got, mode);
    caveats.set(mode, caveat);
    return caveat;
  };
  const answer = built(...check.arrays, ...values);
  return answer instanceof Promise ? answer.then(finish) : finish(answer);
}

/** A kernel of GPU.js, which answers at once or later, by its mode. */
type Answering = ((...given: unknown[]) => ArrayLike<number> | Promise<ArrayLike<number>>) & {
  destroy(): void;
};
