import type { Engine } from '../engine';
import { SerialSession } from '../serial-session';
import { ReferenceSession } from './reference-session';

/** The readable truth: float64, plain TypeScript, one thread. Every other engine is held to it. */
export const referenceEngine: Engine = {
  name: 'reference',
  probe: async () => ({ available: true, device: 'cpu, one thread', precision: 'float64' }),
  open: async (network) => new SerialSession(new ReferenceSession(network)),
};
