import { madeBy } from '../../core/origin';
import type { Engine } from '../engine';
import { PausingSession } from '../pausing-session';
import { SerialSession } from '../serial-session';
import { ReferenceSession } from './reference-session';

/** Multiplications whose steps take some 20 ms together. */
const sliceWork = 2e6;

/** The readable truth: float64, plain TypeScript, one thread. Every other engine is held to it. */
export const referenceEngine: Engine = madeBy(
  'src/engine/reference/reference-engine',
  'referenceEngine',
  null,
  {
    name: 'reference',
    probe: async () => ({ available: true, device: 'cpu, one thread', precision: 'float64' }),
    open: async (network) =>
      new SerialSession(new PausingSession(new ReferenceSession(network), network, sliceWork)),
  },
);
