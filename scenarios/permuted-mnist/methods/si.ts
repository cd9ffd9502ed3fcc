import { importanceSynapse } from '../../../models/importance-synapse';
import { consolidatePathRule, pathIntegralRule } from '../../../src/synapse/rules/importance';
import type { SequentialMethod } from './method';

/** Importance from what a synapse did for the loss on its way. */
export const si: SequentialMethod = {
  name: 'si',
  title: 'SI',
  summary:
    'phi is held to its value at the end of the last task, as strongly as its movements lowered the loss of the tasks so far',
  reference: 'Zenke, Poole and Ganguli 2017',
  synapse: importanceSynapse,
  buffers: ['path'],
  shown: ['phi', 'importance'],
  replays: false,
  begin({ network, settings }) {
    const { rate, strength, damping } = settings.si;
    const inner = { rule: pathIntegralRule, buffers: ['path'], scalarsAt: () => ({ rate }) };
    return {
      step: (train) => network.step(inner, train),
      async endTask() {
        // The energy is importance / 2 times the squared distance, Zenke's surrogate loss importance times it.
        network.apply(consolidatePathRule, { strength: 2 * strength, damping });
      },
    };
  },
};
