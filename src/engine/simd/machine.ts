import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, MetaplastError } from '../../core/errors';
import type { Kernels } from './kernels';
import { pageBytes, SharedMemory } from './shared-memory';
import { type BlasChoice, findSystemBlas } from './system-blas';

/** The shared memory and the kernels that work in it: one of each for a thread. */
export interface Machine {
  readonly memory: SharedMemory;
  readonly kernels: Kernels;
  /** All exports, for rules that call vector functions. */
  readonly math: WebAssembly.Exports;
  /** Who multiplies large matrices: what a system library says of itself, or why it is the bundled WebAssembly. */
  readonly blas: string;
}

let machine: Machine | null = null;
const machines = new Map<BlasChoice, Machine>();

/**
 * @param choice `system` takes a BLAS library for large products, `auto` does where there is one.
 * @throws InputError where a system's library is asked for and there is none; MetaplastError where the compiled kernels
 * are missing.
 */
export function openMachine(choice: BlasChoice = 'wasm'): Machine {
  const found = machines.get(choice) ?? withBlas(bundled(), choice);
  machines.set(choice, found);
  return found;
}

function withBlas(own: Machine, choice: BlasChoice): Machine {
  if (choice === 'wasm') return own;
  const { blas, why } = findSystemBlas(own.memory, own.kernels);
  if (blas === null) {
    if (choice === 'auto') return { ...own, blas: `bundled WebAssembly, since ${why}` };
    throw new InputError({
      what: `There is no BLAS library of the system: ${why}`,
      got: choice,
      legal: 'auto, wasm',
      advice: 'Install one (Debian: apt-get install libopenblas0), or take --blas wasm',
    });
  }
  const { multiplyAdd, multiplyTransposed, name } = blas;
  return { ...own, kernels: { ...own.kernels, multiplyAdd, multiplyTransposed }, blas: name };
}

function bundled(): Machine {
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
    machine = { memory, kernels: exports as unknown as Kernels, math: exports, blas: 'bundled WebAssembly' };
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
