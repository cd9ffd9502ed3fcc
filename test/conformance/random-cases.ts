import fc from 'fast-check';
import type { Layer, ParameterRole } from '../../src/network/layer';
import { dense } from '../../src/network/layers/dense';
import { modulation } from '../../src/network/layers/modulation';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { type Case, drawnCase, withRoles } from './cases';
import { distanceFromKinks } from './oracle';

/** Around and across the four numbers that vectorised code takes at once. */
const width = fc.integer({ min: 1, max: 9 });
const role = fc.constantFrom<ParameterRole>('fast', 'meta');

/** A dense layer with roles of its own for weights and biases, and what may stand behind it. */
const stage = fc.record({
  outputs: width,
  weight: role,
  bias: fc.option(role),
  modulated: fc.option(fc.tuple(role, role)),
  activation: fc.constantFrom(null, tanh, relu),
});

/** How far from its kink each relu unit is: far more than rounding, or a short phase, moves it. */
const clearOfKinks = 1e-3;

/** Networks of one to three dense layers, in all mixtures of roles, with a state and data; some parameter is fast. */
export const randomCases: fc.Arbitrary<Case> = fc
  .record({
    inputs: width,
    stages: fc.array(stage, { minLength: 1, maxLength: 3 }),
    loss: fc.constantFrom(mse, crossEntropy),
    samples: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
  })
  .filter(({ stages }) => stages.some((one) => rolesOf(one).includes('fast')))
  .map(({ inputs, stages, loss, samples, seed }) => {
    const layers: Layer[] = [];
    let size = inputs;
    for (const { outputs, weight, bias, modulated, activation } of stages) {
      const weights = dense(size, outputs, { bias: bias !== null });
      layers.push(withRoles(weights, weight, bias ?? weight));
      if (modulated !== null) layers.push(withRoles(modulation(outputs), ...modulated));
      if (activation !== null) layers.push(activation());
      size = outputs;
    }
    const network = defineNetwork({ input: [inputs], layers, loss, synapse: complexSynapse });
    // Small enough that three linear layers of nine units learn at the optimisers' rates.
    return drawnCase(network, samples, `random ${seed}`, 0.4);
  })
  .filter((given) =>
    [given.train, given.heldOut].every(
      (batch) => distanceFromKinks(given.network, batch, given) > clearOfKinks,
    ),
  );

function rolesOf({
  weight,
  bias,
  modulated,
}: { [K in 'weight' | 'bias']: ParameterRole | null } & {
  modulated: readonly ParameterRole[] | null;
}): (ParameterRole | null)[] {
  return [weight, bias, ...(modulated ?? [])];
}
