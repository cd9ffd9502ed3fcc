import { RandomStream } from '../../src/core/random';
import { makeBatch } from '../../src/data/batch';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { symmetric } from '../../src/learning/estimators';
import { adam, nesterov } from '../../src/learning/optimizers';
import type { SimulationOptions } from '../../src/learning/simulation-options';
import { type Simulation, simulate } from '../../src/learning/simulator';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { makeTask } from '../../src/tasks/task';

const simd = simdEngine({ blas: 'wasm' });

/** Every engine, with one worker and with more. */
export const systems: readonly [string, { readonly engine: Engine; readonly workers: number }][] = [
  ['reference', { engine: referenceEngine, workers: 1 }],
  ['simd', { engine: simd, workers: 1 }],
  ['simd, 2 workers', { engine: simd, workers: 2 }],
  ['simd, 4 workers', { engine: simd, workers: 4 }],
  ['gpujs', { engine: gpujsEngine({ mode: 'cpu' }), workers: 1 }],
];

const stream = new RandomStream('systems', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => stream.normal());
const batch = (samples: number) =>
  makeBatch('drawn', { samples, inputs: 2, targets: 1, x: drawn(2 * samples), y: drawn(samples) });

const phase = { optimizer: nesterov({ rate: 0.01 }), steps: 14, tolerance: 0 };

/** A small simulation that continues from its last equilibrium, so that each meta-step depends on all before. */
export function smallSimulation(change: Partial<SimulationOptions> = {}): Simulation {
  return simulate({
    network: mlp([2, 5, 1], { activation: 'tanh', synapse: complexSynapse }),
    task,
    rule: contrastive({ estimator: symmetric(0.3), free: phase, nudged: phase }),
    meta: { optimizer: adam({ rate: 0.02 }) },
    rules: plainExecutor(),
    initial: { lambda: 0.2 },
    start: 'continue',
    stride: 7,
    engine: 'reference',
    warn: () => {},
    ...change,
  });
}

const task = makeTask({ name: 'drawn', train: batch(6), heldOut: batch(5) });
