import { madeBy } from '../../core/origin';
import type { Engine } from '../engine';
import { PausingSession } from '../pausing-session';
import { SerialSession } from '../serial-session';
import { stepCost } from './credit/step-cost';
import { openMachine } from './machine/machine';
import { openSession } from './open-session';
import { checkSimdOptions, type SimdOptions } from './simd-options';
import { sideBySide } from './threads/side-by-side';

/** Multiplications of a pass, about, whose steps take some 20 ms together. */
const sliceWork = 4e7;

/**
 * Float32 in vectors of four, in WebAssembly: the default where there is no GPU.
 * @throws InputError where an option is unknown or not legal.
 */
export function simdEngine(options: SimdOptions = {}): Engine {
  checkSimdOptions(options);
  const { blas = 'auto' } = options;
  return madeBy('src/engine/simd/simd-engine', 'simdEngine', [{ blas }], {
    name: 'simd',
    async probe() {
      try {
        const by = openMachine(blas).blas;
        // Why there is no BLAS changes no number, and is not asked again by who goes on with a run.
        const [library, ...why] = by.split(', since ');
        const products = `matrix products by ${library}`;
        return {
          available: true,
          device: `cpu, WebAssembly SIMD, ${products}`,
          brief: briefly(by),
          precision: 'float32',
          arithmetic: products,
          ...(why.length === 0 ? {} : { remark: `since ${why.join(', since ')}` }),
        };
      } catch (error) {
        return { available: false, why: (error as Error).message };
      }
    },
    async open(network) {
      const session = openSession(network, openMachine(blas));
      const work = sliceWork / stepCost(network.credit);
      return new SerialSession(new PausingSession(session, network, work));
    },
    ...sideBySide(blas),
  });
}

/** Of what a library says of itself, its name and version. */
function briefly(blas: string): string {
  if (blas.startsWith('bundled')) return 'WebAssembly';
  return /^OpenBLAS [\d.]+/.exec(blas)?.[0] ?? blas.slice(blas.lastIndexOf('/') + 1);
}
