import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { type ContrastiveOptions, contrastive } from '../../src/learning/contrastive';
import { symmetric } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { type Simulation, simulate } from '../../src/learning/simulator';
import type { Credit } from '../../src/network/credit/credit';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { mlp } from '../../src/network/mlp';
import { withCredit } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';

const batch = (samples: number, seed: number) => ({
  ...{ samples, inputs: 2, targets: 2 },
  x: Float64Array.from({ length: 2 * samples }, (_, i) => Math.sin(seed + 3 * i)),
  y: Float64Array.from({ length: 2 * samples }, (_, i) => Math.cos(seed + 5 * i)),
});

/** 3 training samples, 2 that are held out. */
export const waves = { name: 'waves', train: batch(3, 1), heldOut: batch(2, 2) };

interface Settling extends Partial<Pick<ContrastiveOptions, 'free' | 'nudged'>> {
  readonly credit?: Credit;
  readonly sweepStride?: number;
  readonly stride?: number;
  readonly engine?: Engine;
  readonly workers?: number;
  readonly scale?: number;
  readonly rate?: number;
  readonly steps?: number;
  readonly tolerance?: number;
  readonly warn?: (line: string) => void;
}

/** A network 2-4-2 whose neurons settle; layer 0 has 4 of them, the dense layer behind tanh, 2, has 2. */
export function settling({
  credit = equilibriumPropagation({ sweeps: 7 }),
  stride = 2,
  engine = referenceEngine,
  rate = 0.1,
  steps = 5,
  tolerance = 0,
  scale = 1,
  free = { optimizer: sgd({ rate }), steps, tolerance },
  nudged = { optimizer: sgd({ rate }), steps: 3, tolerance },
  warn = () => {},
  ...rest
}: Settling = {}): Simulation {
  const network = mlp([2, 4, 2], { activation: 'tanh', synapse: complexSynapse });
  const phi = Float64Array.from({ length: network.size }, (_, i) => scale * Math.sin(i + 1));
  return simulate({
    network: withCredit(network, credit),
    task: waves,
    rule: contrastive({ estimator: symmetric(0.1), free, nudged }),
    meta: { optimizer: sgd({ rate: 0.1 }) },
    initial: { phi, lambda: 0.1 },
    ...{ engine, rules: plainExecutor(), stride, warn, seed: 5 },
    ...rest,
  });
}
