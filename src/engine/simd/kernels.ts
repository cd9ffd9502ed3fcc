import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MetaplastError } from '../../core/errors';
import { pageBytes, SharedMemory } from './shared-memory';

/** Pointers, counts and numbers; 0 for a pointer is "none", and 0 or 1 stand for false and true. */
type Kernel = (...given: number[]) => void;

/** The functions of `assembly/`; their parameters are named there. */
export interface Kernels {
  readonly multiplyAdd: Kernel;
  readonly multiplyTransposed: Kernel;
  readonly copyRows: Kernel;
  readonly addRows: Kernel;
  readonly sumRows: Kernel;
  readonly scale: Kernel;
  readonly relu: Kernel;
  readonly reluSlope: Kernel;
  readonly tanhOf: Kernel;
  readonly tanhSlope: Kernel;
  readonly tanhCurve: Kernel;
  readonly modulate: Kernel;
  readonly sumProducts: Kernel;
  readonly squaredErrors: (...given: number[]) => number;
  readonly softmax: (...given: number[]) => number;
  readonly crossEntropyGradient: Kernel;
  readonly softmaxTangent: Kernel;
}

/** The shared memory and the kernels that work in it: one of each for a thread. */
export interface Machine {
  readonly memory: SharedMemory;
  readonly kernels: Kernels;
  /** All exports, for rules that call vector functions. */
  readonly math: WebAssembly.Exports;
}

let machine: Machine | null = null;

/** @throws MetaplastError where the compiled kernels are missing. */
export function openMachine(): Machine {
  if (machine === null) {
    const memory = new SharedMemory();
    const compiled = new WebAssembly.Module(readFileSync(kernelsFile()));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: memory.memory, abort: stop } });
    const tablesEnd = (exports.tablesEnd as () => number)();
    if (tablesEnd > pageBytes) {
      throw new MetaplastError({
        what: 'The tables of the simd kernels have outgrown their page',
        got: tablesEnd,
        legal: `up to ${pageBytes}`,
      });
    }
    machine = { memory, kernels: exports as unknown as Kernels, math: exports };
  }
  return machine;
}

function stop(): never {
  throw new MetaplastError({ what: 'A kernel of the simd engine has stopped' });
}

/** Beside this code where it is compiled, else in what the build makes of it. */
function kernelsFile(): string {
  const places = [
    join(__dirname, 'kernels.wasm'),
    resolve(__dirname, '../../../dist/src/engine/simd/kernels.wasm'),
  ];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new MetaplastError({
    what: 'The kernels of the simd engine are not compiled',
    got: `${places.join(' and ')} do not exist`,
    advice: 'Run: npm run build',
  });
}
