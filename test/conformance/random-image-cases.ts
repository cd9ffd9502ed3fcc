import fc from 'fast-check';
import { type Shape, sizeOf } from '../../src/core/shape';
import type { Layer, ParameterRole } from '../../src/network/layer';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { modulation } from '../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { type Case, drawnCase, withRoles } from './cases';
import { distanceFromKinks, leastDeviation } from './oracle';

const role = fc.constantFrom<ParameterRole>('fast', 'meta');
const small = fc.integer({ min: 1, max: 3 });

/** A convolution, what may stand behind it, and a pool. */
const stage = fc.record({
  outputs: small,
  ...{ kernel: small, stride: small, padding: fc.integer({ min: 0, max: 2 }) },
  weight: role,
  bias: fc.option(role),
  behind: fc.constantFrom(null, 'batch-norm', 'modulation'),
  roles: fc.tuple(role, role),
  activation: fc.constantFrom(null, tanh, relu),
  pool: fc.option(fc.record({ of: fc.constantFrom(averagePool, maxPool), size: small, stride: small })),
});

/** How far from its kink each relu unit and each window is: far more than rounding, or a short phase, moves it. */
const clearOfKinks = 1e-3;

/** What batch norm divides by, twice a layer: rounding grows by its inverse. */
const wellConditioned = 0.2;

/** Networks of images, wide or high, down to one pixel, in all mixtures of roles, with a state and data; some parameter is fast. */
export const randomImageCases: fc.Arbitrary<Case> = fc
  .record({
    input: fc.tuple(small, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    stages: fc.array(stage, { minLength: 1, maxLength: 2 }),
    readout: fc.option(fc.record({ outputs: fc.integer({ min: 2, max: 4 }), normal: fc.boolean() })),
    loss: fc.constantFrom(mse, crossEntropy),
    // Batch norm makes next to nothing of fewer.
    samples: fc.integer({ min: 3, max: 7 }),
    seed: fc.nat(),
  })
  .map(({ input, stages, readout, loss, samples, seed }) => {
    const layers: Layer[] = [];
    let shape: Shape = input;
    const put = (layer: Layer): void => {
      layers.push(layer);
      shape = layer.outputShape(shape);
    };
    for (const {
      outputs,
      kernel,
      stride,
      padding,
      weight,
      bias,
      behind,
      roles,
      activation,
      pool,
    } of stages) {
      const fits = Math.min(kernel, shape[1]! + 2 * padding, shape[2]! + 2 * padding);
      const options = { kernel: fits, stride, padding, bias: bias !== null };
      put(withRoles(conv2d(shape[0]!, outputs, options), weight, bias ?? weight));
      if (behind === 'batch-norm') put(withRoles(batchNorm(outputs), ...roles));
      if (behind === 'modulation') put(withRoles(modulation(sizeOf(shape)), ...roles));
      if (activation !== null) put(activation());
      if (pool !== null) put(pool.of(Math.min(pool.size, shape[1]!, shape[2]!), { stride: pool.stride }));
    }
    put(flatten());
    if (readout !== null) {
      put(dense(sizeOf(shape), readout.outputs));
      if (readout.normal) put(batchNorm(readout.outputs));
    }
    const hasFast = layers.some(({ parameters }) => parameters.some((spec) => spec.role === 'fast'));
    if (!hasFast) put(modulation(sizeOf(shape)));
    const network = defineNetwork({ input, layers, loss, synapse: complexSynapse });
    return drawnCase(network, samples, `random image ${seed}`, 0.4);
  })
  .filter((given) =>
    [given.train, given.heldOut].every(
      (batch) =>
        distanceFromKinks(given.network, batch, given) > clearOfKinks &&
        leastDeviation(given.network, batch, given) > wellConditioned,
    ),
  );
