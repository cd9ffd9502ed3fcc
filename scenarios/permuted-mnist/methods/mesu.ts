import { uncertainSynapse } from '../../../models/uncertain-synapse';
import { fillNormal } from '../../../src/core/normal-numbers';
import { type RandomStream, RandomStreams } from '../../../src/core/random';
import { mirroredSampleRule, uncertainSynapseRule } from '../../../src/synapse/rules/uncertain-synapse';
import type { SequentialMethod } from './method';

/** Synapses that know how certain they are, and learn the less the more certain. */
export const mesu: SequentialMethod = {
  name: 'mesu',
  title: 'MESU',
  summary:
    'each synapse keeps the uncertainty sigma of its weight: certain ones hardly move, unused ones become plastic again',
  reference: 'metaplasticity from synaptic uncertainty, Bonnet et al. 2025',
  synapse: ({ mesu }) => uncertainSynapse(mesu),
  buffers: ['first', 'epsilon', 'noise'],
  shown: ['mu', 'sigma'],
  judgedAt: 'mu',
  replays: false,
  begin({ network, settings, seed }) {
    const { memory, priorMean, priorSigma, counts } = settings.mesu;
    const noise = new Float64Array(network.population.size);
    const buffers = mesu.buffers;
    const mirrored = { rule: mirroredSampleRule, buffers, scalarsAt: () => ({}) };
    let stream: RandomStream;
    return {
      async step(train, index, { task, number }) {
        // A stream of each chunk's own, so that nothing of it must be kept where a run stops.
        if (index === 0)
          stream = new RandomStreams(seed).stream(`synaptic noise, task ${task}, chunk ${number}`);
        fillNormal(noise, stream);
        await (await network.session()).write('noise', noise);
        const scalars = { images: counts * train.samples, memory: counts * memory, priorMean, priorSigma };
        await network.step(mirrored, train);
        await network.step({ rule: uncertainSynapseRule, buffers, scalarsAt: () => scalars }, train);
      },
    };
  },
};
