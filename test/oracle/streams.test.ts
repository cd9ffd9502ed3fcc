import { firstValueFrom } from 'rxjs';
import { filter } from 'rxjs/operators';
import { exactImplicit } from '../../src/baselines/exact-implicit';
import { relativeError } from '../../src/baselines/implicit';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { type Estimator, forward, symmetric } from '../../src/learning/estimators';
import { isMetaUpdate } from '../../src/learning/events';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { nesterov, sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { TaskStream } from '../../src/tasks/task-stream';

/*
 * On a stream the mean contrast of a meta-batch must tend to the mean exact gradient of its tasks: for omega, from which
 * each task also starts, and for lambda. Lambda is large enough for every task to have a minimum.
 */
const network = mlp([1, 4, 1], { activation: 'tanh', synapse: complexSynapse });
const rules = plainExecutor();
const optimizer = nesterov({ rate: 0.03 });
const phase = { optimizer, steps: 50_000, tolerance: 1e-13 };

/** The mean meta-gradient of the first meta-batch of three tasks. */
async function firstBatch(learner: MetaLearner) {
  const stream = new TaskStream({
    source: sinusoids({ amplitude: [0.1, 1] }),
    random: new RandomStream('tasks', 'seed'),
  });
  const synapses = new StreamLearner({
    ...{ network, learner, stream, batch: 3, engine: referenceEngine, rules, seed: 3, strict: true },
    meta: { optimizer: sgd({ rate: 0.01 }), learn: ['omega', 'lambda'] },
    initial: { lambda: 0.3 },
  });
  const updated = firstValueFrom(synapses.events$.pipe(filter(isMetaUpdate)));
  await synapses.metaStep();
  return (await updated).metaGradient;
}

const contrasted = (estimator: Estimator) =>
  firstBatch(
    contrastiveLearner({
      ...{ network, rules, stride: 1000 },
      rule: contrastive({ estimator, free: phase, nudged: phase }),
    }),
  );

describe('the mean contrast of a meta-batch', () => {
  let exact: Awaited<ReturnType<typeof firstBatch>>;
  beforeAll(async () => {
    exact = await firstBatch(exactImplicit({ optimizer, steps: 20_000 }));
  });

  it.each([
    ['linearly', 'omega', 'forward', forward, 1],
    ['linearly', 'lambda', 'forward', forward, 1],
    ['quadratically', 'omega', 'symmetric', symmetric, 2],
    ['quadratically', 'lambda', 'symmetric', symmetric, 2],
  ] as const)(
    'tends %s in beta to the mean exact gradient of %s, %s',
    async (_, variable, _name, make, order) => {
      const errorOf = async (beta: number): Promise<number> =>
        relativeError((await contrasted(make(beta)))[variable]!, exact[variable]!)!;
      const [coarse, fine] = [await errorOf(0.02), await errorOf(0.005)];
      // A factor of 4 in beta: the next term of the series bends the slope by a few hundredths.
      expect(Math.log(coarse / fine) / Math.log(4)).toBeGreaterThan(order - 0.15);
      expect(Math.log(coarse / fine) / Math.log(4)).toBeLessThan(order + 0.15);
      expect(fine).toBeLessThan(0.05);
    },
  );
});
