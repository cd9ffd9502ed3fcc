import type { Engine } from '../engine';
import { openMachine } from './machine/machine';
import type { BlasChoice } from './machine/system-blas';
import { SimdSession } from './simd-session';
import { WorkerThread } from './threads/worker-thread';

export interface SimdOptions {
  /** Who multiplies large matrices. `wasm` gives the same bits on every machine. Default `auto`: the system's BLAS, if any. */
  readonly blas?: BlasChoice;
}

/** Float32 in vectors of four, in WebAssembly: the default where there is no GPU. */
export function simdEngine({ blas = 'auto' }: SimdOptions = {}): Engine {
  return {
    name: 'simd',
    async probe() {
      try {
        const products = `matrix products by ${openMachine(blas).blas}`;
        const device = `cpu, WebAssembly SIMD, ${products}`;
        // Why there is no BLAS changes no number.
        return {
          available: true,
          device,
          precision: 'float32',
          arithmetic: products.replace(/, since .*/, ''),
        };
      } catch (error) {
        return { available: false, why: (error as Error).message };
      }
    },
    open: async (network) => new SimdSession(network, openMachine(blas)),
    async openSideBySide(network, count, { threads = count, helpers = 0 } = {}) {
      const machine = openMachine(blas);
      const all = Array.from(
        { length: threads },
        (_, place) => new WorkerThread(machine, place === 0 ? helpers : 0),
      );
      return Array.from(
        { length: count },
        (_, place) => new SimdSession(network, machine, all[place % threads]!.desk()),
      );
    },
  };
}
