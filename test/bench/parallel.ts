import { RandomStream } from '../../src/core/random';
import { type SinusoidOptions, sinusoids } from '../../src/data/sinusoid';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { forward } from '../../src/learning/estimators';
import { adam, sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { TaskStream } from '../../src/tasks/task-stream';
import { median } from './figures';

interface Given {
  readonly title: string;
  readonly hidden: number;
  readonly points?: SinusoidOptions;
  readonly trials: number;
  /** Meta-batches before those that count: each thread compiles what it runs for itself. */
  readonly before: number;
  readonly goal: number;
}

/** A meta-batch of 32 tasks (100 free and 50 nudged steps) by one thread, and by two workers, in turn. */
async function measure({ title, hidden, points = {}, trials, before, goal }: Given) {
  const network = mlp([1, hidden, hidden, 1], { activation: 'relu', synapse: complexSynapse });
  const rules = plainExecutor();
  const phase = { optimizer: sgd({ rate: 0.001 }), steps: 100, tolerance: 0 };
  const rule = contrastive({ estimator: forward(0.3), free: phase, nudged: { ...phase, steps: 50 } });
  const open = (workers: number) =>
    new StreamLearner({
      ...{ network, rules, workers, batch: 32, seed: 1, initial: { lambda: 0.5 } },
      engine: simdEngine({ blas: 'wasm' }),
      learner: contrastiveLearner({ network, rule, rules }),
      stream: new TaskStream({ source: sinusoids(points), random: new RandomStream('tasks', 'seed') }),
      meta: { optimizer: adam({ rate: 1e-4 }), learn: ['omega'] },
    });
  const learners = [open(1), open(2)];
  const times: [number[], number[]] = [[], []];
  for (let trial = -before; trial < trials; trial++) {
    for (const [i, learner] of learners.entries()) {
      const begin = performance.now();
      await learner.metaStep();
      if (trial >= 0) times[i]!.push(performance.now() - begin);
    }
  }
  for (const learner of learners) await learner.close();
  const [one, two] = times.map(median) as [number, number];
  return {
    ...{ work: '32 tasks, 1 -> 2 workers', shapes: title, ours: `${two.toPrecision(3)} ms by two` },
    ...{ peer: `${one.toPrecision(3)} ms by one`, ratio: one / two, goal },
  };
}

export async function measureParallel(trials: number) {
  return [
    await measure({ title: '1-40-40-1, 10 + 10 points', hidden: 40, trials, before: 60, goal: 1.5 }),
    await measure({
      title: '1-128-128-1, 50 + 50 points',
      hidden: 128,
      points: { support: 50, query: 50 },
      trials: Math.ceil(trials / 2),
      before: 3,
      goal: 1.85,
    }),
  ];
}
