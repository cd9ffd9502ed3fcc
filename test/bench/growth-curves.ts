import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { openMachine } from '../../src/engine/simd/machine/machine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { mlp } from '../../src/network/mlp';
import type { Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { openWork } from './inner-steps';
import { openLocalRule } from './local-rule';
import { shortTrials } from './trials';

/** What grows. */
export type Along = 'synapses' | 'samples' | 'layers';

export interface GrowthPoint {
  readonly size: number;
  /** A step, the fastest of the trials. */
  readonly milliseconds: number;
  /** Of the shared memory: state, activations and batch. */
  readonly bytes: number;
}

export interface GrowthCurve {
  readonly what: 'local rule' | 'inner step';
  readonly along: Along;
  /** What stays the same. */
  readonly shapes: string;
  readonly points: readonly GrowthPoint[];
}

/** Milliseconds that a trial is to take, about: short, so that on a busy machine most are not interrupted. */
const trialTime = 3;

/** Times what is open; `milliseconds` takes some steps and gives how long one takes. */
async function measure(
  size: number,
  open: () => Promise<{ milliseconds(steps: number): Promise<number>; close(): Promise<void> }>,
  blas: BlasChoice,
): Promise<GrowthPoint> {
  const { memory } = openMachine(blas);
  const before = memory.bytesInUse;
  const { milliseconds, close } = await open();
  const bytes = memory.bytesInUse - before;
  const steps = Math.max(1, Math.ceil(trialTime / (await milliseconds(3))));
  const times: number[] = [];
  for (let trial = 0; trial < shortTrials; trial++) times.push(await milliseconds(steps));
  await close();
  return { size, milliseconds: Math.min(...times), bytes };
}

/** The local rule alone on 10^3 to 10^7 synapses; its bytes are those of five arrays. */
async function ruleBySynapses(blas: BlasChoice): Promise<GrowthCurve> {
  const points: GrowthPoint[] = [];
  for (const size of [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7]) {
    const open = async () => {
      const { rule, close } = openLocalRule(size);
      rule(Math.ceil(1e6 / size) + 100);
      return { milliseconds: async (steps: number) => rule(steps), close: async () => close() };
    };
    points.push(await measure(size, open, blas));
  }
  return { what: 'local rule', along: 'synapses', shapes: 'pull and Nesterov', points };
}

interface Sized {
  readonly size: number;
  readonly network: Network;
  readonly samples: number;
}

async function innerStep(
  along: Along,
  shapes: string,
  works: readonly Sized[],
  blas: BlasChoice,
): Promise<GrowthCurve> {
  const engine = simdEngine({ blas });
  const points: GrowthPoint[] = [];
  for (const work of works) points.push(await measure(work.size, () => openWork(work, engine), blas));
  return { what: 'inner step', along, shapes, points };
}

const relu = { activation: 'relu', synapse: complexSynapse } as const;

/** How often everything is measured from the beginning: a shared machine is slow for some seconds at a time. */
const rounds = 4;

/** How a step and its memory grow with synapses, samples and layers, one at a time; of each size the fastest of all rounds. */
export async function growthCurves(blas: BlasChoice): Promise<GrowthCurve[]> {
  let best = await measureAll(blas);
  for (let round = 1; round < rounds; round++) {
    const again = await measureAll(blas);
    best = best.map((curve, i) => ({
      ...curve,
      points: curve.points.map((point, k) => faster(point, again[i]!.points[k]!)),
    }));
  }
  return best;
}

const faster = (a: GrowthPoint, b: GrowthPoint): GrowthPoint => (b.milliseconds < a.milliseconds ? b : a);

async function measureAll(blas: BlasChoice): Promise<GrowthCurve[]> {
  const bySynapses = [28, 52, 96, 172, 312, 544, 1000, 1728, 3160].map((width) => {
    const network = mlp([width, width, 4], relu);
    return { size: network.size, network, samples: 10 };
  });
  const square = mlp([64, 64, 64, 4], relu);
  const bySamples = [1, 3, 10, 30, 100, 300, 1000, 3000].map((samples) => ({
    ...{ size: samples, network: square, samples },
  }));
  const byLayers = [1, 2, 4, 8, 16, 32, 64].map((layers) => ({
    ...{ size: layers, network: mlp([...Array<number>(layers + 1).fill(64), 4], relu), samples: 100 },
  }));
  return [
    await ruleBySynapses(blas),
    await innerStep('synapses', '10 samples, n-n-4', bySynapses, blas),
    await innerStep('samples', '64-64-64-4', bySamples, blas),
    await innerStep('layers', '100 samples, 64-...-64-4', byLayers, blas),
  ];
}
