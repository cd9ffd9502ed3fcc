import { madeBy } from '../../core/origin';
import type { Engine } from '../engine';
import { PausingSession } from '../pausing-session';
import { SerialSession } from '../serial-session';
import { backpropSession } from './backprop-session';
import { LocalSession } from './credit/local-session';

/** Multiplications of a backward pass whose steps take some 20 ms together. */
const sliceWork = 2e6;
/** Neurons that settle, and rules called synapse by synapse, take about so many times as long. */
const costOfLocal = 40;

/** The readable truth: float64, plain TypeScript, one thread. Every other engine is held to it. */
export const referenceEngine: Engine = madeBy(
  'src/engine/reference/reference-engine',
  'referenceEngine',
  null,
  {
    name: 'reference',
    probe: async () => ({ available: true, device: 'cpu, one thread', precision: 'float64' }),
    async open(network) {
      const isLocal = network.credit.kind !== 'backprop';
      const session = isLocal ? new LocalSession(network) : backpropSession(network);
      const work = isLocal ? sliceWork / costOfLocal : sliceWork;
      return new SerialSession(new PausingSession(session, network, work));
    },
  },
);
