import { modulatedSinusoidMlp, sinusoidMlp } from '../../models/sinusoid-mlp';
import { exactImplicit } from '../../src/baselines/exact-implicit';
import { maml } from '../../src/baselines/maml';
import { scratch } from '../../src/baselines/scratch';
import { DivergenceError, InputError, Interruption, NoMinimumError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import type { EpisodeData, EpisodeSource } from '../../src/data/episode-source';
import { sinusoids } from '../../src/data/sinusoid';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { forward } from '../../src/learning/estimators';
import type { SimulationEvent } from '../../src/learning/events';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { adam, sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import type { StreamLearnerOptions } from '../../src/learning/stream-learner-options';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Episode, TaskStream } from '../../src/tasks/task-stream';

const rules = plainExecutor();
const network = sinusoidMlp(5);
const phase = { optimizer: sgd({ rate: 0.005 }), steps: 10, tolerance: 0 };
const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });

interface Given extends Partial<StreamLearnerOptions> {
  readonly source?: EpisodeSource;
  readonly count?: number;
}

const open = ({ source = sinusoids(), count, ...options }: Given = {}): StreamLearner =>
  new StreamLearner({
    network,
    learner: contrastiveLearner({ network, rule, rules }),
    stream: new TaskStream({ source, count, random: new RandomStream('tasks', 'seed') }),
    meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
    ...{ batch: 4, engine: referenceEngine, rules, seed: 1, initial: { lambda: 0.1 } },
    ...options,
  });

const omegaOf = (learner: StreamLearner): Float64Array => learner.population.values('omega').slice();

/** Gives each task's number as its meta-gradient, and diverges in task 1 where told to. */
const counting = (diverges = false): MetaLearner => ({
  ...maml({ rate: 0.1, steps: 1 }),
  async learn({ episode: { index, name }, start }) {
    if (diverges && index === 1) {
      throw new DivergenceError({ task: name, phase: 'free', beta: 0, step: 1 }, Infinity, 'Stop');
    }
    return { metaGradient: { omega: start.map(() => index) }, heldOutLoss: index };
  },
});
const byOne = { optimizer: sgd({ rate: 1 }), learn: ['omega'] };

/** The sinusoids, with a target of task 1 that is not a number. */
const spoiled = (): EpisodeSource => {
  let drawn = 0;
  const source = sinusoids();
  return {
    name: 'spoiled',
    sample(random) {
      const data = source.sample(random)!;
      if (drawn++ === 1) data.train.y[3] = Number.NaN;
      return data;
    },
  };
};

/** Two inputs a sample in place of one. */
const wide = (batch: Batch): Batch => ({ ...batch, inputs: 2, x: new Float64Array(2 * batch.samples) });

describe('a meta-batch', () => {
  it('moves the slow variables by the mean of its tasks’ meta-gradients', async () => {
    const learner = open({ learner: counting(), meta: byOne });
    const before = omegaOf(learner);
    expect(await learner.metaStep()).toMatchObject({ learned: 4, skipped: 0, heldOutLoss: 1.5 });
    expect(omegaOf(learner)).toEqual(before.map((value) => value - 1.5));
  });

  it('starts each task at omega', async () => {
    const starts: Float64Array[] = [];
    const learner: MetaLearner = {
      ...counting(),
      async learn(context) {
        starts.push(context.start);
        return counting().learn(context);
      },
    };
    const stream = open({ learner, meta: byOne, batch: 1 });
    const first = omegaOf(stream);
    await stream.metaStep();
    const second = omegaOf(stream);
    await stream.metaStep();
    expect(starts).toEqual([first, second]);
  });
});

describe('an episode that cannot be learned from', () => {
  it.each<[string, Given, RegExp]>([
    [
      'a target that is not a number',
      { source: spoiled(), learner: counting() },
      /^task 1 was skipped: .*y\[3\]/,
    ],
    ['a task that diverges', { learner: counting(true) }, /^sinusoid 1 was skipped: Learning diverged/],
  ])('is skipped with a warning and a count: %s', async (_, given, warning) => {
    const warnings: string[] = [];
    const learner = open({ ...given, meta: byOne, warn: (line) => warnings.push(line) });
    const before = omegaOf(learner);
    const step = await learner.metaStep();
    expect(step).toMatchObject({ learned: 3, skipped: 1 });
    expect(learner.skipped).toBe(1);
    expect(warnings).toEqual([expect.stringMatching(warning)]);
    // The mean of tasks 0, 2 and 3 alone.
    expect(omegaOf(learner)).toEqual(before.map((value) => value - 5 / 3));
  });

  it.each<[string, (data: EpisodeData) => object, RegExp]>([
    ['a set is missing', ({ train }) => ({ train }), /heldOut in the task is missing/],
    [
      'its samples do not fit the network',
      ({ train, heldOut }) => ({ train: wide(train), heldOut: wide(heldOut) }),
      /training set\.x does not fit the network/,
    ],
  ])('is skipped where %s', async (_, spoil, warning) => {
    const good = sinusoids();
    let drawn = 0;
    const sample: EpisodeSource['sample'] = (random) => {
      const data = good.sample(random)!;
      return drawn++ === 1 ? (spoil(data) as EpisodeData) : data;
    };
    const warnings: string[] = [];
    const learner = open({ source: { name: 'odd', sample }, warn: (line) => warnings.push(line) });
    expect(await learner.metaStep()).toMatchObject({ learned: 3, skipped: 1 });
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('is an error where the learner is strict', async () => {
    await expect(open({ source: spoiled(), strict: true }).metaStep()).rejects.toThrow(/y\[3\]/);
    const diverging = { learner: counting(true), meta: byOne, strict: true };
    await expect(open(diverging).metaStep()).rejects.toThrow(DivergenceError);
  });
});

describe('a stream', () => {
  it('that ends early gives a short last batch, and then null', async () => {
    const learner = open({ count: 6 });
    expect(await learner.metaStep()).toMatchObject({ learned: 4 });
    expect(await learner.metaStep()).toMatchObject({ learned: 2 });
    expect(await learner.metaStep()).toBeNull();
    expect(learner.metaStepsTaken).toBe(2);
  });

  it.each<[string, Given]>([
    ['complex synapses', {}],
    [
      'learning by modulation',
      {
        network: modulatedSinusoidMlp(5),
        learner: contrastiveLearner({ network: modulatedSinusoidMlp(5), rule, rules }),
        meta: { optimizer: adam({ rate: 0.01 }) },
        initial: {},
      },
    ],
  ])('is gone on with from a saved state as if it had never stopped: %s', async (_, given) => {
    const [whole, first, second] = [open(given), open(given), open(given)];
    for (let i = 0; i < 3; i++) await whole.metaStep();
    await first.metaStep();
    second.restore(structuredClone(first.save()));
    for (let i = 0; i < 2; i++) await second.metaStep();
    expect(second.save()).toEqual(whole.save());
    expect(second.save()).not.toEqual(first.save());
  });

  it('that is interrupted leaves the slow variables as they were', async () => {
    const learner = open();
    const before = omegaOf(learner);
    await expect(learner.metaStep(AbortSignal.abort())).rejects.toThrow(Interruption);
    expect(omegaOf(learner)).toEqual(before);
  });
});

describe('evaluation on unseen tasks', () => {
  const tasks: Episode[] = [0, 1].map((index) => ({
    ...{ name: `unseen ${index}`, index },
    ...sinusoids().sample(new RandomStream('unseen', String(index)))!,
  }));

  it('changes nothing, and is the held-out loss after each number of steps', async () => {
    const learner = open();
    const before = learner.save();
    const [atStart, later] = await learner.evaluate(tasks, [0, 20]);
    expect(learner.save()).toEqual(before);
    const session = await referenceEngine.open(network);
    await session.write('phi', omegaOf(learner));
    await session.write('omega', omegaOf(learner));
    await session.write('lambda', learner.population.values('lambda'));
    expect(atStart![0]).toBe((await session.evaluate(tasks[0]!.heldOut)).loss);
    const steps = { beta: 0, steps: 20, stepsTaken: 0, replay: null, tolerance: 0 };
    await session.settle({ inner: phase.optimizer, train: tasks[0]!.train, ...steps });
    expect(later![0]).toBe((await session.evaluate(tasks[0]!.heldOut)).loss);
  });

  it('finds lower losses after meta-learning than before', async () => {
    const learner = open({ batch: 10, network: sinusoidMlp(20), learner: maml({ rate: 0.01, steps: 3 }) });
    const many = Array.from({ length: 20 }, (_, i) => ({
      ...tasks[0]!,
      ...sinusoids().sample(new RandomStream('u', `${i}`))!,
    }));
    const mean = async () => (await learner.evaluate(many, [5]))[0]!.reduce((a, b) => a + b) / many.length;
    const before = await mean();
    for (let i = 0; i < 60; i++) await learner.metaStep();
    expect(await mean()).toBeLessThan(0.9 * before);
  });
});

it('a method is refused a slow variable that it gives no gradient for', () => {
  const learner = scratch({ rate: 0.1 });
  expect(() => open({ learner })).toThrow(InputError);
  expect(() => open({ learner })).toThrow(/"scratch" gives no gradient.*Got "omega"/);
});

describe('what a stream tells', () => {
  const heardBy = async (learner: StreamLearner, metaSteps: number): Promise<SimulationEvent[]> => {
    const heard: SimulationEvent[] = [];
    learner.events$.subscribe((event) => heard.push(event));
    for (let i = 0; i < metaSteps; i++) await learner.metaStep();
    return heard;
  };

  it('is one meta-update a meta-batch, after its last task, when the slow variables have moved', async () => {
    const learner = open({ batch: 2 });
    const omegas: Float64Array[] = [omegaOf(learner)];
    learner.events$.subscribe(({ kind }) => {
      if (kind === 'meta-update') omegas.push(omegaOf(learner));
    });
    const heard = await heardBy(learner, 2);
    const order = heard.filter(({ kind }) => kind === 'task-end' || kind === 'meta-update');
    expect(order.map(({ kind, task }) => `${kind} ${task}`)).toEqual([
      ...['task-end 0', 'task-end 1', 'meta-update 1', 'task-end 2', 'task-end 3', 'meta-update 3'],
    ]);
    expect(omegas).toHaveLength(3);
    expect(omegas[1]).not.toEqual(omegas[0]);
    expect(omegas[2]).toEqual(omegaOf(learner));
  });

  it('is meta-updates alone where the method has no phases', async () => {
    const heard = await heardBy(open({ learner: counting(), meta: byOne }), 2);
    expect(heard.map(({ kind }) => kind)).toEqual(['meta-update', 'meta-update']);
  });

  it('can be recorded, with the stride of the method', async () => {
    const learner = open({ learner: contrastiveLearner({ network, rule, rules, stride: 5 }) });
    expect(learner.stride).toBe(5);
    const heard = await heardBy(learner, 1);
    const steps = heard.filter(({ kind }) => kind === 'step');
    expect(steps).toHaveLength(4 * 2 * 2); // tasks, phases, chunks of 5 in 10 steps
  });

  it('counts the work of a meta-step: free steps once, nudged steps twice', async () => {
    const step = await open().metaStep();
    expect(step!.work).toEqual({ gradients: 4 * (10 + 2 * 10), hessianVectors: 0 });
  });

  it('claims no equilibrium of phases that their step budget defines, and says how far they are from one', async () => {
    const { unconverged, residual } = (await open().metaStep())!;
    expect(unconverged).toBe(0);
    expect(residual.free).toBeGreaterThan(0.01);
    expect(residual.nudged).toBeGreaterThan(0.01);
  });

  it('counts phases that were to reach an equilibrium and did not', async () => {
    const strictly = { ...phase, tolerance: 1e-9 };
    const wanted = contrastive({ estimator: forward(0.1), free: strictly, nudged: strictly });
    const learner = open({ learner: contrastiveLearner({ network, rule: wanted, rules }) });
    expect((await learner.metaStep())!.unconverged).toBe(8);
  });

  it('has no residual for a method without phases', async () => {
    const { residual } = (await open({ learner: counting(), meta: byOne }).metaStep())!;
    expect(residual).toEqual({ free: Number.NaN, nudged: Number.NaN });
  });
});

describe('neurons on a stream', () => {
  it('are live views on the gains and thresholds of the task at hand', async () => {
    const modulated = modulatedSinusoidMlp(5);
    const learner = open({
      network: modulated,
      learner: contrastiveLearner({ network: modulated, rule, rules }),
      meta: { optimizer: adam({ rate: 0.01 }) },
      initial: {},
    });
    expect(learner.neurons).toHaveLength(10);
    const seen: number[] = [];
    learner.events$.subscribe(({ kind }) => {
      if (kind === 'phase-start' || kind === 'phase-end') seen.push(learner.neurons[7]!.gain);
    });
    await learner.metaStep();
    const [start, end, nudgedFrom] = seen;
    expect(start).toBe(1);
    expect(end).not.toBe(1);
    expect(nudgedFrom).toBe(end);
    expect(open().neurons).toHaveLength(0);
  });
});

describe('the exact implicit gradient on a stream', () => {
  const exact = exactImplicit({ optimizer: sgd({ rate: 0.005 }), steps: 50 });

  it('skips a task that has no minimum where learning has come to, with a warning', async () => {
    const warnings: string[] = [];
    const learner = open({ learner: exact, initial: { lambda: 1e-4 }, warn: (line) => warnings.push(line) });
    const step = await learner.metaStep();
    expect(step!.skipped).toBeGreaterThan(0);
    expect(warnings[0]).toMatch(/^sinusoid \d was skipped: The free phase has no strict minimum/);
  });

  it('is an error there where the learner is strict', async () => {
    const learner = open({ learner: exact, initial: { lambda: 1e-4 }, strict: true });
    await expect(learner.metaStep()).rejects.toThrow(NoMinimumError);
  });
});

it('an unseen task on which learning diverges has a loss of Infinity from there on', async () => {
  const learner = open();
  const { train, heldOut } = sinusoids().sample(new RandomStream('unseen', 'seed'))!;
  const lost = { name: 'lost', index: 0, train: { ...train, y: train.y.map(() => 1e13) }, heldOut };
  const kept = { name: 'kept', index: 1, train, heldOut };
  const [before, after] = await learner.evaluate([lost, kept], [0, 5]);
  expect(before).toEqual([expect.any(Number), expect.any(Number)]);
  expect(after).toEqual([Infinity, expect.any(Number)]);
  expect(after![1]).toBeLessThan(100);
});
