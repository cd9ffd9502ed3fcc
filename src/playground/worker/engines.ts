import type { Engine } from '../../engine/engine';
import { referenceEngine } from '../../engine/reference/reference-engine';
import { simdEngine } from '../../engine/simd/simd-engine';
import type { PlayedEngine } from '../experiment/settings';

/** Opened once, since each holds memory or a device. */
const opened = new Map<PlayedEngine, Promise<Engine>>();

const makers: Readonly<Record<PlayedEngine, () => Promise<Engine>>> = {
  simd: async () => simdEngine({ blas: 'wasm' }),
  reference: async () => referenceEngine,
  // A megabyte, which is loaded when it is asked for.
  gpujs: async () => (await import('../../engine/gpujs/gpujs-engine')).gpujsEngine(),
};

/** An engine that runs in a page. */
export function playedEngine(name: PlayedEngine): Promise<Engine> {
  const engine = opened.get(name) ?? makers[name]();
  opened.set(name, engine);
  return engine;
}
