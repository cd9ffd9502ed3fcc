import { GCProfiler } from 'node:v8';
import { RandomStream } from '../../../src/core/random';
import type { InnerStep, Session } from '../../../src/engine/engine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { nesterov } from '../../../src/learning/optimizers';
import { mlp } from '../../../src/network/mlp';
import { complexSynapse } from '../../../src/synapse/model';

/*
 * A process of its own (node --expose-gc with a young generation of 64 MB, so that nothing is collected in between): how many
 * bytes of JavaScript's heap a step of settling takes. One settling plants an allocation, to be seen.
 */
const network = mlp([5, 7, 3], { synapse: complexSynapse }); // rows that are no multiples of four
const random = new RandomStream('probe', 'seed');
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const batch = (samples: number) => ({
  ...{ samples, inputs: 5, targets: 3, x: normals(5 * samples), y: normals(3 * samples) },
});
const [train, replay] = [batch(6), batch(4)];

/** An inner step whose scalars are a new object each time, as an optimiser may give them: what the probe must see. */
function planted(): InnerStep {
  const inner = nesterov({ rate: 0.01 });
  return { ...inner, scalarsAt: (step) => ({ ...inner.scalarsAt(step) }) };
}

const settlings = {
  free: { beta: 0, tolerance: 0, inner: nesterov({ rate: 0.01 }) },
  nudged: { beta: 0.1, tolerance: 0, inner: nesterov({ rate: 0.01 }) },
  'to a tolerance': { beta: 0, tolerance: 1e-30, inner: nesterov({ rate: 0.01 }) },
  planted: { beta: 0, tolerance: 0, inner: planted() },
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
 * The slope from 10^3 to 10^4 steps, each the least of several trials: what a step allocates is in all of them, what the
 * compiler does now and then is not. null where no trial was free of collections.
 */
async function bytesPerStep(session: Session, name: Settling): Promise<number | null> {
  const settle = (steps: number) =>
    session.settle({ ...settlings[name], steps, stepsTaken: 0, train, replay });
  for (let round = 0; round < 10; round++) await settle(2000);
  const [few, many]: [number[], number[]] = [[], []];
  for (let trial = 0; trial < 7; trial++) {
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

async function main(): Promise<void> {
  const session = await simdEngine({ blas: 'wasm' }).open(network);
  await session.write('lambda', new Float64Array(network.size).fill(0.1));
  const results: Partial<Record<Settling, number | null>> = {};
  for (const name of Object.keys(settlings) as Settling[]) results[name] = await bytesPerStep(session, name);
  console.log(JSON.stringify(results));
}

main();
