import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { adam, complexSynapse, contrastive, contrastiveLearner, type Episode, forward, isBad, meanInterval, mlp } from './src';
import { plainExecutor, RandomStreams, referenceEngine, sgd, sinusoids, StreamLearner, TaskStream } from './src';

const random = new RandomStreams(1);
const network = mlp([1, 20, 20, 1], { activation: 'relu', synapse: complexSynapse });
const rules = plainExecutor();
const phase = { optimizer: sgd({ rate: 0.01 }), steps: 40, tolerance: 0 };
const rule = contrastive({ estimator: forward(0.3), free: phase, nudged: { ...phase, steps: 20 } });
const synapses = new StreamLearner({
  network,
  learner: contrastiveLearner({ network, rule, rules, stride: 10 }),
  stream: new TaskStream({ source: sinusoids(), random: random.stream('tasks') }),
  meta: { optimizer: adam({ rate: 0.002 }), learn: ['omega'] },
  ...{ batch: 10, engine: referenceEngine, rules, seed: 1, initial: { lambda: 0.5 } },
  warn: console.warn,
});

async function main(): Promise<void> {
  const { episodes$ } = new TaskStream({ source: sinusoids(), random: random.stream('unseen') });
  const good = filter((episode): episode is Episode => !isBad(episode));
  const unseen = await firstValueFrom(episodes$.pipe(good, take(50), toArray()));
  for (let i = 0; i <= 60; i++) {
    if (i % 20 === 0) console.log(i, meanInterval((await synapses.evaluate(unseen, [40]))[0]!)); // falls
    await synapses.metaStep();
  }
  console.log(synapses.population.synapses[0]); // Synapse { layer: 0, ..., omega: ..., lambda: 0.5 }
  await synapses.close();
}
main();
