import { GCProfiler } from 'node:v8';
import { RandomStream } from '../../../src/core/random';
import type { InnerStep, Session } from '../../../src/engine/engine';
import type { BlasChoice } from '../../../src/engine/simd/machine/blas-choice';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { openSession } from '../../../src/engine/simd/open-session';
import { adam, nesterov } from '../../../src/learning/optimizers';
import { dualPropagation } from '../../../src/network/credit/dual';
import { equilibriumPropagation } from '../../../src/network/credit/equilibrium';
import { mlp } from '../../../src/network/mlp';
import { withCredit } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';

/*
 * A process of its own (node --expose-gc with a young generation of 64 MB, so that nothing is collected in between): how many
 * bytes of JavaScript's heap a step of settling takes (worker threads run the same code). One settling
 * plants an allocation, to be seen. Its arguments: who multiplies matrices, and what is settled, joined by commas.
 */
const random = new RandomStream('probe', 'seed');
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const batch = (samples: number, inputs: number) => ({
  ...{ samples, inputs, targets: 3, x: normals(inputs * samples), y: normals(3 * samples) },
});

/** An inner step whose scalars are a new object each time: what the probe must see. */
function planted(): InnerStep {
  const inner = nesterov({ rate: 0.01 });
  return { ...inner, scalarsAt: (step) => ({ ...inner.scalarsAt(step) }) };
}

const small = {
  network: mlp([5, 7, 3], { synapse: complexSynapse }), // rows that are no multiples of four
  ...{ train: batch(6, 5), replay: batch(4, 5) },
};
/** A batch in two parts, by products that are large enough for a system's BLAS. */
const large = {
  network: mlp([125, 125, 3], { synapse: complexSynapse }),
  ...{ train: batch(128, 125), replay: null },
};
const byNesterov = { beta: 0, tolerance: 0, inner: nesterov({ rate: 0.01 }) };

const settlings = {
  free: { ...small, ...byNesterov },
  nudged: { ...small, ...byNesterov, beta: 0.1 },
  'to a tolerance': { ...small, ...byNesterov, tolerance: 1e-30 },
  'by Adam': { ...small, ...byNesterov, inner: adam({ rate: 0.001 }) },
  'on a batch in parts': { ...large, ...byNesterov },
  'by equilibrium propagation': {
    ...{ ...small, network: withCredit(small.network, equilibriumPropagation({ sweeps: 3, dt: 0.1 })) },
    ...{ ...byNesterov, beta: 0.1 },
  },
  'by dyadic neurons': {
    ...small,
    network: withCredit(small.network, dualPropagation()),
    ...byNesterov,
    beta: 0.1,
  },
  planted: { ...small, ...byNesterov, inner: planted() },
} as const;

type Settling = keyof typeof settlings;

/** Bytes that the heap grows by while `work` runs; null where something was collected meanwhile. */
async function growth(work: () => Promise<unknown>): Promise<number | null> {
  globalThis.gc!();
  const collections = new GCProfiler();
  collections.start();
  const before = process.memoryUsage().heapUsed;
  await work();
  const after = process.memoryUsage().heapUsed;
  return collections.stop().statistics.length === 0 ? after - before : null;
}

/**
 * The slope from 10^3 to 10^4 steps, each the least of several trials: what a step allocates is in all of them, what
 * the compiler does now and then is not. null where no trial was free of collections.
 */
async function bytesPerStep(
  session: Session,
  settling: (typeof settlings)[Settling],
): Promise<number | null> {
  const { network: _, ...request } = settling;
  const settle = (steps: number) => session.settle({ ...request, steps, stepsTaken: 0 });
  for (const steps of [1_000, 10_000]) for (let round = 0; round < 10; round++) await settle(steps);
  const [few, many]: [number[], number[]] = [[], []];
  for (let trial = 0; trial < 4; trial++) {
    for (const [grown, steps] of [
      [few, 1_000],
      [many, 10_000],
    ] as const) {
      const bytes = await growth(() => settle(steps));
      if (bytes !== null) grown.push(bytes);
    }
  }
  return few.length * many.length === 0 ? null : (Math.min(...many) - Math.min(...few)) / 9_000;
}

async function main(blas: BlasChoice, names: readonly Settling[]): Promise<void> {
  const results: Record<string, number | null> = {};
  for (const name of names) {
    const { network } = settlings[name];
    // Without what makes a pause every 20 ms, and an object for it.
    const session = openSession(network, openMachine(blas));
    await session.write('lambda', new Float64Array(network.size).fill(0.1));
    results[name] = await bytesPerStep(session, settlings[name]);
    await session.close();
  }
  console.log(JSON.stringify(results));
}

main(process.argv[2] as BlasChoice, process.argv[3]!.split(',') as Settling[]);
