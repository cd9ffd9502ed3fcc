import { basename } from 'node:path';
import { wholeNumber } from '../../core/checks';
import { madeBy } from '../../core/origin';
import type { Engine } from '../engine';
import { PausingSession } from '../pausing-session';
import { SerialSession } from '../serial-session';
import { checkWorkerCount } from '../worker-limit';
import { openMachine } from './machine/machine';
import { mostParts } from './passes/parts';
import { checkSimdOptions, type SimdOptions } from './simd-options';
import { SimdSession } from './simd-session';
import { Crew } from './threads/crew';

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
    open: async (network) =>
      new SerialSession(new PausingSession(new SimdSession(network, openMachine(blas)), network, sliceWork)),
    async openSideBySide(network, count, { threads = count, helpers = 0 } = {}) {
      wholeNumber('The number of sessions', count, 1);
      checkWorkerCount('threads', threads);
      checkWorkerCount('helpers', helpers, 0);
      const machine = openMachine(blas);
      // A batch has no more parts than that, and the crew's first thread takes one.
      const crews = Array.from(
        { length: threads },
        (_, place) => new Crew(machine, place === 0 ? Math.min(helpers, mostParts - 1) : 0),
      );
      const desks = Array.from({ length: count }, (_, place) => crews[place % threads]!.desk());
      try {
        return desks.map((desk) => new SerialSession(new SimdSession(network, machine, desk)));
      } catch (error) {
        for (const desk of desks) await desk.close();
        throw error;
      }
    },
  });
}

/** Of what a library says of itself, its name and version. */
function briefly(blas: string): string {
  if (blas.startsWith('bundled')) return 'WebAssembly';
  return /^OpenBLAS [\d.]+/.exec(blas)?.[0] ?? basename(blas);
}
