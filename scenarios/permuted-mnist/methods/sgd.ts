import { sgd as descent } from '../../../src/learning/optimizers';
import { complexSynapse } from '../../../src/synapse/model';
import type { SequentialMethod } from './method';

/** Gradient descent, by synapses that nothing holds. */
export const sgd: SequentialMethod = {
  name: 'sgd',
  title: 'plain SGD',
  summary: 'gradient descent by simple synapses, which nothing holds to what they were',
  reference: 'the baseline',
  synapse: () => complexSynapse,
  initial: { lambda: 0 },
  buffers: [],
  shown: ['phi'],
  replays: false,
  begin({ network, settings }) {
    const inner = descent(settings.sgd);
    return { step: (train) => network.step(inner, train) };
  },
};
