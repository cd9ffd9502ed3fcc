import type { Batch } from '../../src/data/batch';
import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import type { SimulationOptions } from '../../src/learning/simulation-options';
import { simulate } from '../../src/learning/simulator';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { makeTask } from '../../src/tasks/task';

/** One sample whose loss is (phi - target)^2. */
export const sample = (target: number): Batch => ({
  samples: 1,
  inputs: 1,
  targets: 1,
  x: Float64Array.of(1),
  y: Float64Array.of(target),
});

/** One synapse without a bias. */
export const oneSynapse = defineNetwork({
  input: [1],
  layers: [dense(1, 1, { bias: false })],
  loss: mse,
  synapse: complexSynapse,
});

export const phase = { optimizer: sgd({ rate: 0.1 }), steps: 200, tolerance: 1e-12 };

/** L_in = (phi - 1)^2 + lambda/2 (phi - omega)^2, L_out = (phi + 0.5)^2, all in float64. */
export function oneSynapseOptions(change: Partial<SimulationOptions> = {}): SimulationOptions {
  return {
    network: oneSynapse,
    task: makeTask({ name: 'one number', train: sample(1), heldOut: sample(-0.5) }),
    rule: contrastive({ estimator: forward(0.1), free: phase, nudged: phase }),
    meta: { optimizer: sgd({ rate: 0.1 }) },
    engine: 'reference',
    rules: plainExecutor(),
    warn: () => {},
    initial: { phi: 0.2, omega: 0, lambda: 0.5 },
    ...change,
  };
}

export const simulateOne = (change: Partial<SimulationOptions> = {}) => simulate(oneSynapseOptions(change));
