import { maml } from '../../src/baselines/maml';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';

import { simdEngine } from '../../src/engine/simd/simd-engine';
import { mostWorkers } from '../../src/engine/worker-limit';
import { adam } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { StreamLearner } from '../../src/learning/stream-learner';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Episode, TaskStream } from '../../src/tasks/task-stream';
import { oneSynapseOptions, simulateOne } from './one-synapse';

const streamOptions = () => ({
  network: mlp([1, 3, 1], { synapse: complexSynapse }),
  learner: maml({ rate: 0.01, steps: 1 }),
  stream: new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') }),
  meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
  ...{ batch: 2, engine: 'reference' as const, rules: 'plain' as const },
});

const makers: [string, () => object, (options: never) => unknown][] = [
  ['simulate', oneSynapseOptions, simulate],
  ['a StreamLearner', streamOptions, (options) => new StreamLearner(options)],
];

/** What no option is. */
const nonsense = [null, 3, 'text', [], {}, () => {}, Number.NaN, true];

describe.each(makers)('the options of %s', (_name, options, make) => {
  it.each([undefined, ...nonsense])('are refused where they are %p', (given) => {
    expect(() => make(given as never)).toThrow(InputError);
  });

  it.each(Object.keys(options()))('are refused where %s is nonsense', (name) => {
    const fine: Record<string, unknown[]> = { initial: [{}, []], warn: [() => {}] };
    for (const given of nonsense) {
      if (fine[name]?.some((value) => JSON.stringify(value) === JSON.stringify(given))) continue;
      if (name === 'batch' && given === 3) continue;
      expect(() => make({ ...options(), [name]: given } as never)).toThrow(InputError);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['typo', 1, /There is no setting "typo" in .*Legal: network, meta, seed, initial, workers/],
    ['wokers', 2, /There is no setting "wokers".*Did you mean "workers"\?/],
    ['seed', 1.5, /seed in .* must be a whole number.*Got 1\.5/],
    ['seed', -1, /seed in .* must not be negative.*Got -1/],
    ['workers', 0, /workers in .*Got 0\. Legal: at least 1/],
    ['workers', 1.5, /workers in .*Got 1\.5/],
    ['workers', '2', /workers in .*Got "2"/],
    ['workers', Number.NaN, /workers in .*Got NaN/],
    ['workers', 100_000, /workers in .*Got 100000\. Legal: at most 64/],
    ['engine', 'refrence', /There is no such engine.*Did you mean "reference"\?/],
    ['rules', 'gpu', /There is no such executor of rules\. Got "gpu"\. Legal: auto, gpujs, plain/],
    ['initial', { phi: null }, /initial in .*Legal: an object with a number, or an array of numbers/],
    ['initial', { lambda: 'x' }, /initial in /],
    ['meta', { optimizer: adam({ rate: 0.1 }), lern: ['omega'] }, /"meta\.lern".*Did you mean "learn"\?/],
    ['meta', {}, /meta\.optimizer in .* is missing/],
  ])('are refused where %s is %p, saying what is legal', (name, value, message) => {
    const refused = () => make({ ...options(), [name]: value } as never);
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(message);
  });
});

it.each([0, 1.5, -1, Number.NaN, '2', Infinity])('a meta-batch of %p tasks is refused', (batch) => {
  expect(() => new StreamLearner({ ...streamOptions(), batch: batch as number })).toThrow(
    /batch in .* must be (at least 1|a whole number|a finite number)/,
  );
});

it.each<[string, unknown, RegExp]>([
  ['start', 'middle', /start in simulate\(\).*Got "middle"\. Legal: initial, continue/],
  ['stride', 0, /stride in simulate\(\).*Got 0\. Legal: at least 1/],
  ['stride', 2.5, /stride in simulate\(\).*Got 2\.5/],
  ['task', { name: 'none' }, /task\.train in simulate\(\) is missing/],
])('simulate refuses %s = %p', (name, value, message) => {
  expect(() => simulate({ ...oneSynapseOptions(), [name]: value } as never)).toThrow(message);
});

describe('names in the place of an engine and of an executor', () => {
  it('are taken, with the same numbers', async () => {
    const by = (change: object) => simulateOne({ ...change }).metaStep();
    expect(await by({ engine: 'reference', rules: 'plain' })).toEqual(await by({ rules: plainExecutor() }));
  });

  it('are refused as soon as work is asked for, where the engine cannot use the workers', async () => {
    const simulation = simulateOne({ engine: 'reference', workers: 2 });
    await expect(simulation.metaStep()).rejects.toThrow(/"reference" works in one thread/);
    await simulation.close();
  });
});

it('as many workers as are legal can be had, and give the same numbers', async () => {
  const given = { engine: simdEngine({ blas: 'wasm' }) };
  const [many, one] = [simulateOne({ ...given, workers: mostWorkers }), simulateOne(given)];
  expect(await many.metaStep()).toEqual(await one.metaStep());
  await many.close();
});

describe('run', () => {
  it.each([-1, 1.5, Number.NaN, undefined, '3', null, Infinity])(
    'refuses %p meta-steps',
    async (metaSteps) => {
      const simulation = simulateOne();
      const refused = simulation.run({ metaSteps: metaSteps as number });
      await expect(refused).rejects.toThrow(InputError);
      await expect(refused).rejects.toThrow(/metaSteps in run\(\)/);
      expect(simulation.metaStepsTaken).toBe(0);
    },
  );

  it('refuses nothing, unknown options and a signal that is none, while something else is learned too', async () => {
    const simulation = simulateOne();
    const going = simulation.run({ metaSteps: 2 });
    await expect(simulation.run(undefined as never)).rejects.toThrow(InputError);
    await expect(simulation.run({ metaSteps: 1, step: 2 } as never)).rejects.toThrow(
      /no setting "step" in run\(\)/,
    );
    await expect(simulation.run({ metaSteps: 1, signal: {} as never })).rejects.toThrow(
      /signal in run\(\) is not legal.*Legal: an AbortSignal/,
    );
    await expect(simulation.metaStep(3 as never)).rejects.toThrow(/signal of metaStep\(\) is none/);
    expect(await going).toHaveLength(2);
  });

  it('takes no meta-step where none is asked for', async () => {
    expect(await simulateOne().run({ metaSteps: 0 })).toEqual([]);
  });
});

describe('a saved state', () => {
  const simulation = () => simulateOne({ meta: { optimizer: adam({ rate: 0.1 }) } });
  const learner = () => new StreamLearner(streamOptions());

  const spoilings: [string, (state: Record<string, never>) => unknown][] = [
    ['nothing', () => undefined],
    ['null', () => null],
    ['a number', () => 3],
    ['steps that are no number', (state) => ({ ...state, metaSteps: Number.NaN })],
    ['negative steps', (state) => ({ ...state, metaSteps: -1 })],
    ['no start', ({ start: _, ...state }) => state],
    ['a start that is too long', (state) => ({ ...state, start: new Float64Array(99) })],
    [
      'a start that is not finite',
      (state) => ({ ...state, start: (state.start as Float64Array).map(() => Number.NaN) }),
    ],
    ['no variables', (state) => ({ ...state, variables: {} })],
    [
      'an unknown variable',
      (state) => ({ ...state, variables: { ...(state.variables as object), gamma: [1] } }),
    ],
    ['a variable that is not finite', (state) => spoiledVariable(state, Number.NaN)],
    ['a negative strength', (state) => spoiledVariable(state, -1)],
    ['strings in the place of numbers', (state) => spoiledVariable(state, 'x' as never)],
    ['no optimiser', ({ meta: _, ...state }) => state],
    [
      'an optimiser whose steps are no number',
      (state) => ({ ...state, meta: { ...(state.meta as object), steps: Number.NaN } }),
    ],
    ['buffers of another optimiser', (state) => ({ ...state, meta: { steps: 1, buffers: {} } })],
    ['something unknown', (state) => ({ ...state, colour: 'red' })],
  ];
  const spoiledVariable = (state: Record<string, never>, value: number) => {
    const variables = state.variables as Record<string, Float64Array>;
    return {
      ...(state as object),
      variables: { ...variables, lambda: [...variables.lambda!].map(() => value) },
    };
  };

  it.each([...spoilings])(
    'with %s is refused by a simulation and by a StreamLearner, which stay as they are',
    async (_, spoil) => {
      for (const of of [simulation(), learner()]) {
        await of.metaStep();
        const before = of.save();
        const refused = () => of.restore(spoil(structuredClone(before) as never) as never);
        expect(refused).toThrow(InputError);
        expect(of.save()).toEqual(before);
        await of.restore(before as never);
        expect(of.save()).toEqual(before);
      }
    },
  );

  it.each<[string, object]>([
    ['of a stream is missing', { stream: undefined }],
    ['has a stream whose count is none', { stream: { drawn: -1, random: 3 } }],
    [
      'has a stream whose random numbers are malformed',
      { stream: { drawn: 1, random: { i: 0, j: 0, S: [1] } } },
    ],
    ['has a negative count of skipped tasks', { skipped: -1 }],
  ])('that %s is refused by a StreamLearner', (_, change) => {
    const of = learner();
    const before = of.save();
    expect(() => of.restore({ ...before, ...change } as never)).toThrow(InputError);
    expect(of.save()).toEqual(before);
  });
});

describe('evaluate', () => {
  const drawn = sinusoids().sample(new RandomStream('unseen', 'seed'))!;
  const episode: Episode = { name: 'unseen', index: 0, ...drawn };
  it.each<[string, unknown, unknown]>([
    ['tasks that are none', [3], [1]],
    ['no list of tasks', undefined, [1]],
    ['tasks of another form', [{ ...episode, train: { ...drawn.train, inputs: 2 } }], [1]],
    ['no steps', [episode], undefined],
    ['steps that do not ascend', [episode], [2, 1]],
    ['negative steps', [episode], [-1]],
    ['half a step', [episode], [0.5]],
  ])('refuses %s', async (_, tasks, steps) => {
    const learner = new StreamLearner(streamOptions());
    await expect(learner.evaluate(tasks as never, steps as never)).rejects.toThrow(InputError);
  });
});
