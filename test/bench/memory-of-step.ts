import { lenet5 } from '../../models/lenet5';
import { mnistMlp } from '../../models/mnist-mlp';
import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { openMachine } from '../../src/engine/simd/machine/machine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { inner, stepOf } from './inner-steps';

/** Nudged steps on many images, with the bytes of shared memory that they may take. */
export const imageSteps = [
  {
    ...{ title: 'LeNet-5, 50 + 950 images, nudged', network: lenet5() },
    ...{ samples: 50, replay: { samples: 950, beta: 3 }, most: 200e6 },
  },
  {
    ...{ title: 'MNIST MLP, 10 + 9990 images, nudged', network: mnistMlp() },
    ...{ samples: 10, replay: { samples: 9990, beta: 1 }, most: 500e6 },
  },
  {
    ...{ title: 'LeNet-5, 10 + 9990 images, nudged', network: lenet5() },
    ...{ samples: 10, replay: { samples: 9990, beta: 1 }, most: 500e6 },
  },
];

/** Bytes of one step. */
export interface StepMemory {
  /** Of the engine's shared memory: state, activations and batches. */
  readonly shared: number;
  /** Of the process before the engine was opened, with its data in float64. */
  readonly residentBefore: number;
  /** The most that the process ever took. */
  readonly residentPeak: number;
}

async function memoryOfStep(index: number, blas: BlasChoice): Promise<StepMemory> {
  const { train, replay, phi, network, inner: given } = stepOf(imageSteps[index]!);
  const { memory } = openMachine(blas);
  const before = { shared: memory.bytesInUse, resident: process.memoryUsage().rss };
  const session = await simdEngine({ blas }).open(network);
  await session.write('phi', phi);
  const { beta } = given;
  await session.settle({ inner, beta, steps: 2, stepsTaken: 0, train, replay, tolerance: 0 });
  const shared = memory.bytesInUse - before.shared;
  await session.close();
  const residentPeak = process.resourceUsage().maxRSS * 1024;
  return { shared, residentBefore: before.resident, residentPeak };
}

if (require.main === module) {
  const [index, blas] = process.argv.slice(2);
  memoryOfStep(Number(index), blas as BlasChoice).then((found) => console.log(JSON.stringify(found)));
}
