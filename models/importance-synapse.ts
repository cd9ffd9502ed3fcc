import { defineSynapse, type SynapseModel } from '../src/synapse/model';

/**
 * A synapse that remembers how much it mattered: phi is drawn to omega, what it was at the end of the last task, with its importance as strength. Elastic
 * weight consolidation and synaptic intelligence differ in nothing but where the importance comes from.
 */
export const importanceSynapse = (): SynapseModel =>
  defineSynapse({
    fast: 'phi',
    anchor: 'omega',
    meta: {
      omega: { meaning: 'phi at the end of the last task' },
      importance: { nonNegative: true, learned: false, meaning: 'how much it mattered for the tasks so far' },
    },
    penalty: 'importance * (phi - omega)^2 / 2',
  });
