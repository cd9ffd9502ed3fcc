import type { Engine } from '../engine';
import { openMachine } from './kernels';
import { SimdSession } from './simd-session';

/** Float32 in vectors of four, in WebAssembly: the default where there is no GPU. */
export const simdEngine: Engine = {
  name: 'simd',
  async probe() {
    try {
      openMachine();
      return { available: true, device: 'cpu, one thread, WebAssembly SIMD', precision: 'float32' };
    } catch (error) {
      return { available: false, why: (error as Error).message };
    }
  },
  open: async (network) => new SimdSession(network, openMachine()),
};
