import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { type Simulation, simulate } from '../../src/learning/simulator';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { makeTask } from '../../src/tasks/task';

const batch = (shift: number) => ({
  ...{ samples: 4, inputs: 2, targets: 1 },
  x: Float64Array.from({ length: 8 }, (_, i) => Math.sin(i + shift)),
  y: Float64Array.from({ length: 4 }, (_, i) => Math.cos(2 * i + shift)),
});

/** 13 synapses (2-3-1, tanh) whose phases take 23 and 12 steps, told in chunks of 5, unless they settle sooner. */
export function smallSimulation({
  tolerance = 0,
  stride = 5,
  rate = 0.1,
  estimator = forward(0.1),
} = {}): Simulation {
  const phase = (steps: number) => ({ optimizer: sgd({ rate }), steps, tolerance });
  return simulate({
    network: mlp([2, 3, 1], { activation: 'tanh', synapse: complexSynapse }),
    task: makeTask({ name: 'small', train: batch(0), heldOut: batch(1) }),
    rule: contrastive({ estimator, free: phase(23), nudged: phase(12) }),
    meta: { optimizer: sgd({ rate: 0.1 }) },
    initial: { lambda: 0.5, omega: 0.1 },
    engine: 'reference',
    rules: plainExecutor(),
    warn: () => {},
    seed: 3,
    stride,
  });
}
