import { InputError, MetaplastError } from '../../../core/errors';
import type { BlasChoice } from './blas-choice';
import type { Kernels } from './kernels';
import { kernelsModule } from './kernels-module';
import { pageBytes, SharedMemory } from './shared-memory';
import { findSystemBlas } from './system-blas';
import { tileConvolutions } from './tile-convolutions';

/** Takes the number of synapses, and where all that it works on lies. */
type PassFunction = (...given: number[]) => void;

/** Kernels at work in a memory, of one thread. */
export interface WorkerMachine {
  readonly kernels: Kernels;
  /** Who multiplies large matrices: what a system library says of itself, or why it is the bundled WebAssembly. */
  readonly blas: string;
  /** The function of a lowered pass over the synapses, compiled once. */
  pass(bytes: Uint8Array): PassFunction;
}

/** The memory of this process, and the kernels of its main thread. */
export interface Machine extends WorkerMachine {
  readonly memory: SharedMemory;
  /** All exports, for tests of single functions. */
  readonly math: WebAssembly.Exports;
  readonly choice: BlasChoice;
}

let sharedMemory: SharedMemory | null = null;
const machines = new Map<BlasChoice, Machine>();

/**
 * @param choice `system` takes a BLAS library for large products, `auto` does where there is one.
 * @throws InputError where a system's library is asked for and there is none; MetaplastError where the compiled kernels
 * are missing.
 */
export function openMachine(choice: BlasChoice = 'wasm'): Machine {
  let machine = machines.get(choice);
  if (machine === undefined) {
    sharedMemory ??= new SharedMemory();
    machine = { ...instantiate(sharedMemory.memory, choice), memory: sharedMemory, choice };
    machines.set(choice, machine);
  }
  return machine;
}

/** Makes kernels for a memory; for each thread its own, in the one memory of all. */
export function instantiate(
  memory: WebAssembly.Memory,
  choice: BlasChoice,
): WorkerMachine & Pick<Machine, 'math'> {
  const { exports } = new WebAssembly.Instance(kernelsModule(), { env: { memory, abort: stop } });
  const tablesEnd = (exports.tablesEnd as () => number)();
  if (tablesEnd > pageBytes) {
    throw new MetaplastError({
      what: 'The tables of the simd kernels have outgrown their page',
      got: tablesEnd,
      legal: `up to ${pageBytes}`,
    });
  }
  const passes = new WeakMap<Uint8Array, PassFunction>();
  const bundled = exports as unknown as Kernels;
  const own = {
    kernels: { ...bundled, ...tileConvolutions(bundled, bundled) },
    ...{ math: exports, blas: 'bundled WebAssembly' },
    pass(bytes: Uint8Array) {
      let run = passes.get(bytes);
      if (run === undefined) {
        const module = new WebAssembly.Module(bytes);
        const instance = new WebAssembly.Instance(module, { env: { memory }, math: exports });
        run = instance.exports.run as PassFunction;
        passes.set(bytes, run);
      }
      return run;
    },
  };
  return choice === 'wasm' ? own : withBlas(own, memory, choice);
}

function withBlas<M extends WorkerMachine>(own: M, memory: WebAssembly.Memory, choice: BlasChoice): M {
  const { blas, why } = findSystemBlas(memory, own.kernels);
  if (blas === null) {
    if (choice === 'auto') return { ...own, blas: `bundled WebAssembly, since ${why}` };
    throw new InputError({
      what: `There is no BLAS library of the system: ${why}`,
      got: choice,
      legal: 'auto, wasm',
      advice: 'Install one (Debian: apt-get install libopenblas0), or take --blas wasm',
    });
  }
  const { multiplyAdd, multiplyTransposed, convolutions, name } = blas;
  const products = { multiplyAdd, multiplyTransposed, ...convolutions };
  return { ...own, kernels: { ...own.kernels, ...products }, blas: name };
}

function stop(): never {
  throw new MetaplastError({ what: 'A kernel of the simd engine has stopped' });
}
