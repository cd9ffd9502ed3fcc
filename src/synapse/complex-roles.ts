import { InputError } from '../core/errors';
import { complexSynapse, type SynapseModel } from './model';
import { callKernel } from './plain-executor';

/** Which variables of a model play the parts that phi, omega and lambda play in the paper's complex synapse. */
export interface ComplexRoles {
  readonly fast: string;
  readonly anchor: string;
  readonly strength: string;
}

/** Values to try an energy at. */
const trials = {
  fast: [0.3, -1.7, 2.2, 0, -0.4, 5.1],
  anchor: [0, 0.9, -1.1, 0.6, -0.4, 2.3],
  strength: [0.5, 0, 1.3, 2, 0.01, 4],
};

/**
 * The parts of a model whose energy is that of the complex synapse, whatever its variables are called: strength (fast - anchor)^2 / 2.
 * @param why What the model is asked to have it for, for messages.
 * @throws InputError where its energy is another one.
 */
export function complexRoles(model: SynapseModel, why: string): ComplexRoles {
  const { fast, anchor, meta } = model;
  const strength = meta.find((name) => name !== anchor);
  if (anchor !== null && strength !== undefined && meta.length === 2 && model.flow === null) {
    const roles = { fast, anchor, strength };
    const quantities = Object.fromEntries(
      (['fast', 'anchor', 'strength'] as const).map((part) => [roles[part], Float64Array.from(trials[part])]),
    );
    const energies = new Float64Array(trials.fast.length);
    callKernel(model.energy, quantities, {}, energies);
    const isIt = energies.every((energy, i) => {
      const expected = (trials.strength[i]! * (trials.fast[i]! - trials.anchor[i]!) ** 2) / 2;
      return Math.abs(energy - expected) <= 1e-12 * (1 + expected); // some roundings
    });
    if (isIt) return roles;
  }
  throw new InputError({
    what: `${why} only synapses whose energy is that of the complex synapse, by any names`,
    got: model.penalty,
    legal: complexSynapse.penalty,
    advice: 'Take a scenario over a stream of tasks, such as sinusoid, or leave out --synapse',
  });
}
