import type { Session } from '../../src/engine/engine';
import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { backprop } from '../../src/network/credit/backprop';
import type { Credit } from '../../src/network/credit/credit';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../src/network/credit/random-feedback';
import { crossEntropy } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { type Network, withCredit } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { table } from './figures';
import { inner, stepOf } from './inner-steps';
import type { Report } from './report';

interface CreditWork {
  readonly title: string;
  readonly network: Network;
  readonly samples: number;
  readonly replay?: { readonly samples: number; readonly beta: number };
  readonly steps: number;
  /** Processor time of a step over that by backprop, at most; null where none is wanted. */
  readonly credits: readonly (readonly [name: string, credit: Credit, most: number | null])[];
}

const synapse = complexSynapse;

const works: readonly CreditWork[] = [
  {
    ...{ title: 'sinusoid, 1-40-40-1, 10 + 10 samples', network: mlp([1, 40, 40, 1], { synapse }) },
    ...{ samples: 10, replay: { samples: 10, beta: 0.1 }, steps: 3000 },
    credits: [
      ['equilibrium, 10 sweeps', equilibriumPropagation({ sweeps: 10 }), 10],
      ['equilibrium, 20 sweeps', equilibriumPropagation({ sweeps: 20 }), null],
      ['dual, 2 sweeps', dualPropagation({ sweeps: 2 }), 2.5],
      ['feedback alignment', feedbackAlignment(), null],
      ['direct feedback', directFeedback(), null],
    ],
  },
  {
    title: 'MNIST, 784-500-10, 100 samples',
    network: mlp([784, 500, 10], { synapse, loss: crossEntropy, activation: 'relu' }),
    ...{ samples: 100, steps: 12 },
    credits: [
      ['equilibrium, 20 sweeps', equilibriumPropagation({ sweeps: 20 }), 4],
      ['dual, 2 sweeps', dualPropagation({ sweeps: 2 }), 2.5],
      ['feedback alignment', feedbackAlignment(), null],
    ],
  },
];

const trials = 7;

/** Processor time of an inner step by each source of credit over that by backprop, in turn: clocks tell little on a machine that others share. */
export async function measureCredit(blas: BlasChoice): Promise<Report> {
  const rows: { work: string; credit: string; microseconds: number; ratio: number; most: number | null }[] =
    [];
  for (const work of works) {
    const open = await Promise.all(
      ([['backprop', backprop, null], ...work.credits] as const).map(async ([credit, by, most]) => {
        const session = await simdEngine({ blas }).open(withCredit(work.network, by));
        await session.write('phi', stepOf(work).phi);
        return { credit, most, session, times: [] as number[] };
      }),
    );
    const settle = settlingOf(work);
    for (const { session } of open)
      for (const begin = performance.now(); performance.now() - begin < 500; )
        await settle(session, Math.ceil(work.steps / 10));
    for (let trial = 0; trial < trials; trial++) {
      for (const { session, times } of open) {
        const before = process.cpuUsage();
        await settle(session, work.steps);
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / work.steps);
      }
    }
    const own = open.map(({ times }) => times.sort((a, b) => a - b)[Math.floor(trials / 2)]!);
    for (const [i, { credit, most, session }] of open.entries()) {
      rows.push({ work: work.title, credit, microseconds: own[i]!, ratio: own[i]! / own[0]!, most });
      await session.close();
    }
  }
  const missed = rows.filter(({ ratio, most }) => most !== null && ratio > most);
  return {
    data: { rows, missed },
    lines: [
      ...table([
        ['work', 'credit', 'processor time', 'over backprop', 'at most'],
        ...rows.map(({ work, credit, microseconds, ratio, most }) => [
          ...[work, credit, `${microseconds.toPrecision(3)} us`, ratio.toFixed(2), most?.toString() ?? ''],
        ]),
      ]),
      ...(missed.length === 0
        ? []
        : [`Goals missed: ${missed.map(({ work, credit }) => `${work}, ${credit}`).join('; ')}`]),
    ],
    exitCode: missed.length === 0 ? 0 : 1,
  };
}

/** Steps of a work's free or nudged phase. */
function settlingOf(work: CreditWork): (session: Session, steps: number) => Promise<unknown> {
  const { train, replay, inner: numbers } = stepOf(work);
  const given = { inner, beta: numbers.beta, stepsTaken: 0, train, replay, tolerance: 0 };
  return (session, steps) => session.settle({ ...given, steps });
}
