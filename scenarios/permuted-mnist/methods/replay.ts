import { sgd as descent } from '../../../src/learning/optimizers';
import { complexSynapse } from '../../../src/synapse/model';
import type { SequentialMethod } from './method';

/** What the images that the contrastive rule keeps are worth to simple synapses. */
export const replay: SequentialMethod = {
  name: 'replay',
  title: 'SGD with replay',
  summary:
    'gradient descent by simple synapses, on the present images and on as many replayed ones of the tasks so far',
  reference: 'experience replay (Robins 1995), a control with the same kept images as the contrastive rule',
  synapse: () => complexSynapse,
  initial: { lambda: 0 },
  buffers: [],
  shown: ['phi'],
  replays: true,
  begin({ network, settings, tasks }) {
    const { rate, beta } = settings.replay;
    const inner = descent({ rate });
    return {
      step(train, index, { task, first }) {
        const name = `replay of task ${task}, step ${first + index}`;
        return network.step(inner, train, { beta, replay: tasks.replayed(task, train.samples, name) });
      },
    };
  },
};
