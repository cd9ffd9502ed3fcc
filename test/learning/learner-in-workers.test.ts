import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sinusoidMlp } from '../../models/sinusoid-mlp';
import { DivergenceError, InputError, Interruption, MetaplastError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { EpisodeSource } from '../../src/data/episode-source';
import { sinusoids } from '../../src/data/sinusoid';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { symmetric } from '../../src/learning/estimators';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { adam, nesterov } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import type { StreamLearnerOptions } from '../../src/learning/stream-learner-options';
import { fromModule } from '../../src/run/scenario/from-module';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { TaskStream } from '../../src/tasks/task-stream';
import { repository } from '../cli/command';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-workers-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A method of a user's own: the held-out gradient at the start, and what `more` does before. */
const own = path.join(folder, 'own.js');
fs.writeFileSync(
  own,
  `const m = require(${JSON.stringify(path.join(repository, 'dist/src/index.js'))});
  const before = {
    nothing() {},
    fails({ episode }) { if (episode.index === 4) throw new TypeError('there is no such thing'); },
    refuses({ episode }) { if (episode.index === 5) throw new m.InputError({ what: 'No', got: 5 }); },
    ends({ episode }) { if (episode.index === 3 && !require('node:worker_threads').isMainThread) process.exit(); },
    // Without an end of its own.
    async waits({ signal }) { while (!signal.aborted) await new Promise((go) => setTimeout(go, 1)); },
  };
  exports.own = ({ share, doing }) => ({
    name: 'own', adaptation: m.sgd({ rate: 0.01 }), regularised: false, learns: 'anchor',
    async learn(context) {
      const { network, session, episode, start, signal } = context;
      await before[doing](context);
      if (signal.aborted) throw new m.Interruption({ what: 'It was interrupted' });
      await session.write(network.synapse.fast, start);
      const { loss } = await session.evaluate(episode.heldOut);
      const gradient = await session.gradient(episode.heldOut);
      return { metaGradient: { [network.synapse.anchor]: gradient.map((g) => share * g) }, heldOutLoss: loss };
    },
  });`,
);
const ownLearner = (doing: string): Promise<MetaLearner> =>
  fromModule<MetaLearner>(own, 'own', { share: 0.5, doing });

const network = sinusoidMlp(6);
const rules = plainExecutor();
const phase = { optimizer: nesterov({ rate: 0.002 }), steps: 8, tolerance: 0 };
const rule = contrastive({ estimator: symmetric(0.3), free: phase, nudged: phase });
const learner = contrastiveLearner({ network, rule, rules, stride: 5 });
const engine = simdEngine({ blas: 'wasm' });

const open = (change: Partial<StreamLearnerOptions>): StreamLearner =>
  new StreamLearner({
    ...{ network, learner, engine, rules, batch: 6, seed: 2, initial: { lambda: 0.4 } },
    stream: new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') }),
    meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
    ...change,
  });

/** Two meta-steps, and what is said of workers. */
async function live(change: Partial<StreamLearnerOptions>) {
  const said: string[] = [];
  const of = open({ ...change, warn: (line, about) => about === 'workers' && said.push(line) });
  const steps = [await of.metaStep(), await of.metaStep()];
  const state = of.save();
  await of.close();
  return { steps, state, said };
}

describe('workers that hold a learner', () => {
  it.each([
    ['reference', referenceEngine],
    ['gpujs', gpujsEngine({ mode: 'cpu' })],
    ['simd, with whatever BLAS there is', simdEngine()],
  ])('give the bits of the main thread on every engine: %s', async (_, of) => {
    const two = await live({ engine: of, workers: 2 });
    expect(two.said).toEqual([]);
    expect(two).toEqual(await live({ engine: of }));
  });

  it('give the bits of the main thread by rules on GPU.js', async () => {
    const byName = contrastiveLearner({ network, rule, rules: 'gpujs' });
    const two = await live({ learner: byName, workers: 2 });
    expect(two.said).toEqual([]);
    expect(two).toEqual(await live({ learner: byName }));
  });

  it('make a method of a user’s own by its module', async () => {
    const given = { learner: await ownLearner('nothing') };
    const two = await live({ ...given, workers: 2 });
    expect(two.said).toEqual([]);
    expect(two).toEqual(await live(given));
  });

  it('are of no use to a method that no module is known to make, which is said, to the same numbers', async () => {
    const closure: MetaLearner = { ...learner, learn: (context) => learner.learn(context) };
    const two = await live({ learner: closure, workers: 2 });
    expect(two.said).toEqual([
      expect.stringMatching(
        /main thread, and the 2 workers have no use: learner\.\w+.* cannot be made.*fromModule/,
      ),
    ]);
    const { steps, state } = await live({ learner: closure });
    expect(two).toMatchObject({ steps, state });
  });

  it('are of no use to tasks that bring a function along, which is said, to the same numbers', async () => {
    const source = sinusoids();
    const minibatches: EpisodeSource = {
      name: 'minibatches',
      sample(random) {
        const data = source.sample(random)!;
        return { ...data, minibatch: () => data } as typeof data;
      },
    };
    const of = async (workers: number) =>
      live({
        workers,
        stream: new TaskStream({ source: minibatches, random: new RandomStream('tasks', 'seed') }),
      });
    const two = await of(2);
    expect(two.said).toEqual([expect.stringMatching(/task 0 chooses its minibatches by a function/)]);
    expect(two).toMatchObject({ ...(await of(1)), said: two.said });
  });

  it('serve two learners at once, each with its own numbers', async () => {
    const given = { learner: await ownLearner('nothing'), workers: 2 };
    const [one, other] = await Promise.all([live({ workers: 2 }), live(given)]);
    expect([one, other]).toEqual([await live({}), await live({ ...given, workers: 1 })]);
  });
});

describe('what goes wrong in a worker', () => {
  it.each([
    ['fails', TypeError, /^Task 4, "sinusoid 4": there is no such thing/],
    ['refuses', InputError, /^Task 5, "sinusoid 5": No\. Got 5/],
  ])(
    'arrives as what it was, with the task’s number, as from the main thread: %s',
    async (doing, type, text) => {
      for (const workers of [1, 2]) {
        const of = open({ learner: await ownLearner(doing), workers, warn: () => {} });
        const step = of.metaStep();
        await expect(step).rejects.toThrow(text);
        await expect(step).rejects.toMatchObject({ name: type.name });
        if (workers === 2) await expect(step).rejects.toBeInstanceOf(type);
        await of.close();
      }
    },
  );

  it('is a DivergenceError where a task diverges', async () => {
    const wild = { ...phase, optimizer: nesterov({ rate: 1e9 }) };
    const given = {
      network,
      rules,
      rule: contrastive({ estimator: symmetric(0.3), free: wild, nudged: wild }),
    };
    const of = open({ learner: contrastiveLearner(given), workers: 2, strict: true });
    const step = of.metaStep();
    await expect(step).rejects.toBeInstanceOf(DivergenceError);
    await expect(step).rejects.toMatchObject({ moment: { task: 'sinusoid 0', phase: 'free' } });
    await of.close();
  });

  it('is said with the task’s number where the thread itself ends; others take its place', async () => {
    const of = open({ learner: await ownLearner('ends'), workers: 2 });
    const step = of.metaStep();
    await expect(step).rejects.toBeInstanceOf(MetaplastError);
    await expect(step).rejects.toThrow(/^The thread of a worker with task [\d or]+ has ended/);
    await of.close();
    expect(await live({ workers: 2 })).toEqual(await live({}));
  });

  it('stops within a task where it is interrupted, and the tasks can be learned again', async () => {
    const interruption = new AbortController();
    const of = open({ learner: await ownLearner('waits'), workers: 2 });
    const before = of.save();
    const step = of.metaStep(interruption.signal);
    setTimeout(() => interruption.abort(), 300);
    await expect(step).rejects.toBeInstanceOf(Interruption);
    expect(of.save()).toEqual(before);
    const closed = of.metaStep();
    await of.close();
    await expect(closed).rejects.toThrow(/closed before its metaStep\(\) was done/);
  });
});
