import { modulatedSinusoidMlp, sinusoidMlp } from '../../models/sinusoid-mlp';
import { imaml } from '../../src/baselines/imaml';
import { maml } from '../../src/baselines/maml';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { runConcurrently } from '../../src/core/run-concurrently';
import type { EpisodeSource } from '../../src/data/episode-source';
import { sinusoids } from '../../src/data/sinusoid';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { symmetric } from '../../src/learning/estimators';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { adam, nesterov, sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Episode, TaskStream } from '../../src/tasks/task-stream';

const rules = plainExecutor();
const engine = simdEngine({ blas: 'wasm' });
const phase = { optimizer: nesterov({ rate: 0.002 }), steps: 12, tolerance: 0 };
const rule = contrastive({ estimator: symmetric(0.3), free: phase, nudged: phase, optimizerState: 'keep' });

/** Of seven tasks the third has a target that is not a number, and the fifth diverges. */
const odd = (): EpisodeSource => {
  const source = sinusoids({ support: 6, query: 5 });
  let drawn = 0;
  return {
    name: 'odd',
    sample(random) {
      const data = source.sample(random)!;
      const i = drawn++ % 7;
      if (i === 2) data.train.y[0] = Number.NaN;
      if (i === 4) data.train.y.fill(1e13);
      return data;
    },
  };
};

const networks = { complex: sinusoidMlp(6), modulated: modulatedSinusoidMlp(6) };
const methods: [string, keyof typeof networks, (network: typeof networks.complex) => MetaLearner][] = [
  ['contrastive', 'complex', (network) => contrastiveLearner({ network, rule, rules, stride: 5 })],
  ['modulation', 'modulated', (network) => contrastiveLearner({ network, rule, rules, stride: 5 })],
  ['maml', 'complex', () => maml({ rate: 0.01, steps: 3 })],
  ['imaml', 'complex', () => imaml({ optimizer: sgd({ rate: 0.01 }), steps: 5, cgSteps: 2 })],
];

/** Everything that there is to see of two meta-steps and a judging. */
async function live(workers: number, kind: keyof typeof networks, learner: MetaLearner, batch = 7) {
  const network = networks[kind];
  const warnings: string[] = [];
  const synapses = new StreamLearner({
    ...{ network, learner, engine, rules, workers, batch, seed: 2 },
    stream: new TaskStream({ source: odd(), random: new RandomStream('tasks', 'seed') }),
    meta: { optimizer: adam({ rate: 0.01 }), learn: [kind === 'complex' ? 'omega' : 'theta'] },
    initial: kind === 'complex' ? { lambda: 0.4 } : {},
    warn: (line) => warnings.push(line),
  });
  const heard: unknown[] = [];
  synapses.events$.subscribe((event) => heard.push([event, synapses.population.values('phi').slice()]));
  const steps = [await synapses.metaStep(), await synapses.metaStep()];
  const drawn = sinusoids().sample(new RandomStream('unseen', 'seed'))!;
  const unseen: Episode[] = [0, 1, 2].map((index) => ({ ...drawn, name: `unseen ${index}`, index }));
  const losses = await synapses.evaluate(unseen, [0, 4]);
  const phi = synapses.population.values('phi').slice();
  const state = synapses.save();
  await synapses.close();
  return { state, steps, losses, heard, warnings, phi };
}

describe.each(methods)('a meta-batch by %s', (_, kind, make) => {
  let alone: Awaited<ReturnType<typeof live>>;
  beforeAll(async () => {
    alone = await live(1, kind, make(networks[kind]));
  });

  it('skips what cannot be learned, and moves what can', () => {
    expect(alone.steps[0]).toMatchObject({ learned: 5, skipped: 2 });
    expect(alone.warnings).toHaveLength(4);
  });

  it.each([2, 4])(
    'gives the same bits, tells the same events, and warns of the same with %d workers',
    async (workers) => {
      expect(await live(workers, kind, make(networks[kind]))).toEqual(alone);
    },
  );
});

it('a meta-batch of one task gives its nudged phases to the workers, to the same bits', async () => {
  const learner = () => methods[0]![2](networks.complex);
  expect(await live(2, 'complex', learner(), 1)).toEqual(await live(1, 'complex', learner(), 1));
});

describe('who looks at some synapses only, when events come', () => {
  const synapsesLookedAt = [3, 11];
  /** What of these was seen in a meta-step; with a second listener, who looks at more. */
  const seen = async (workers: number, all: boolean, second?: readonly number[]) => {
    const learner = methods[0]![2](networks.complex);
    const synapses = new StreamLearner({
      ...{ network: networks.complex, learner, engine, rules, workers, batch: 4, seed: 2 },
      stream: new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') }),
      meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
      initial: { lambda: 0.4 },
    });
    const phi = synapses.population.values('phi');
    const events = all ? synapses.events$ : synapses.eventsFor(synapsesLookedAt);
    const heard: unknown[] = [];
    events.subscribe((event) => heard.push([event, synapsesLookedAt.map((synapse) => phi[synapse])]));
    const others: unknown[] = [];
    if (second)
      synapses.eventsFor(second).subscribe(() => others.push(second.map((synapse) => phi[synapse])));
    await synapses.metaStep();
    const after = phi.slice();
    await synapses.close();
    return { heard, after, others };
  };

  it.each([1, 3])('sees of these what one sees who looks at all, with %d workers', async (workers) => {
    const expected = await seen(1, true);
    expect(expected.heard.length).toBeGreaterThan(20);
    expect(await seen(workers, false)).toEqual(expected);
  });

  it('leaves to another listener what that one looks at', async () => {
    expect(await seen(3, false, [0, 11, 16])).toEqual(await seen(1, true, [0, 11, 16]));
    expect(await seen(3, true, [5])).toEqual(await seen(1, true, [5]));
  });

  it('is forgotten once it listens no more', async () => {
    const learner = methods[0]![2](networks.complex);
    const synapses = new StreamLearner({
      ...{ network: networks.complex, learner, engine, rules, workers: 3, batch: 4, seed: 2 },
      stream: new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') }),
      meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
    });
    synapses.eventsFor([1]).subscribe().unsubscribe();
    const phi = synapses.population.values('phi');
    const sums: number[] = [];
    synapses.events$.subscribe(() => sums.push(phi.reduce((sum, value) => sum + value, 0)));
    await synapses.metaStep();
    await synapses.close();
    expect(new Set(sums).size).toBeGreaterThan(4 * 4);
  });
});

it('more workers than one are refused for an engine that works in one thread', () => {
  const given = { network: networks.complex, learner: maml({ rate: 0.1, steps: 1 }), rules, batch: 1 };
  const stream = new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') });
  const open = () =>
    new StreamLearner({
      ...given,
      stream,
      engine: referenceEngine,
      workers: 2,
      meta: { optimizer: sgd({ rate: 1 }), learn: ['omega'] },
    });
  expect(open).toThrow(InputError);
  expect(open).toThrow(/"reference" works in one thread/);
});

describe('work side by side', () => {
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it('gives results in the order of the items, whoever is done first', async () => {
    const results = await runConcurrently([30, 1, 10, 5], ['a', 'b'], async (item) => {
      await wait(item);
      return 2 * item;
    });
    expect(results).toEqual([60, 2, 20, 10]);
  });

  it('fails as the first failed item does, once nothing goes on any more', async () => {
    let going = 0;
    const work = async (item: number) => {
      going++;
      await wait(item);
      going--;
      if (item !== 7) throw new Error(`item ${item}`);
    };
    await expect(runConcurrently([20, 1, 7], ['a', 'b'], work)).rejects.toThrow('item 20');
    expect(going).toBe(0);
  });
});
