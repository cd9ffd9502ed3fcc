import { filter, firstValueFrom } from 'rxjs';
import { sinusoidMlp } from '../../models/sinusoid-mlp';
import { ClosedError, InputError, Interruption } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { symmetric } from '../../src/learning/estimators';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { adam, nesterov } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import type { StreamLearnerOptions } from '../../src/learning/stream-learner-options';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Episode, TaskStream } from '../../src/tasks/task-stream';
import { systems } from './systems';

const rules = plainExecutor();
const network = sinusoidMlp(4);
const phase = { optimizer: nesterov({ rate: 0.002 }), steps: 12, tolerance: 0 };
const rule = contrastive({ estimator: symmetric(0.3), free: phase, nudged: phase });
const learner = contrastiveLearner({ network, rule, rules, stride: 5 });

type Change = Partial<StreamLearnerOptions> & Pick<StreamLearnerOptions, 'engine'>;

const open = (change: Change): StreamLearner =>
  new StreamLearner({
    ...{ network, learner, rules, batch: 3, seed: 1, initial: { lambda: 0.1 } },
    stream: new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') }),
    meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
    ...change,
  });

const unseen: Episode[] = [0, 1].map((index) => ({
  ...{ name: `unseen ${index}`, index },
  ...sinusoids().sample(new RandomStream('unseen', String(index)))!,
}));

/** What a learner comes to; then it is closed. */
async function cameTo(of: StreamLearner, work: (of: StreamLearner) => Promise<unknown[]>) {
  const results = await work(of);
  const state = of.save();
  await of.close();
  return { results, state };
}

describe.each(systems)('on a stream, %s:', (_name, system) => {
  const make = () => open(system);
  const twoSteps = async (of: StreamLearner) => [await of.metaStep(), await of.metaStep()];

  it('what is asked for at once gives the numbers of one after the other', async () => {
    const hasty = async (s: StreamLearner): Promise<unknown[]> => {
      const first = s.metaStep();
      const saved = s.save(); // in the middle of the first
      return Promise.all([first, s.evaluate(unseen, [0, 3]), s.metaStep(), s.restore(saved), s.metaStep()]);
    };
    const patient = async (s: StreamLearner): Promise<unknown[]> => {
      const saved = s.save();
      const results = [await s.metaStep(), await s.evaluate(unseen, [0, 3]), await s.metaStep()];
      return [...results, await s.restore(saved), await s.metaStep()];
    };
    expect(await cameTo(make(), hasty)).toEqual(await cameTo(make(), patient));
  });

  it('what is interrupted, by a signal or by closing, leaves nothing behind', async () => {
    const whole = await cameTo(make(), twoSteps);
    const [closed, interrupted] = [make(), make()];
    const controller = new AbortController();
    const begun = firstValueFrom(closed.events$);
    const asked = [closed.metaStep(), closed.metaStep(), interrupted.metaStep(controller.signal)];
    const ends = Promise.allSettled(asked);
    controller.abort();
    // Events of several workers come when all their tasks are over; then that meta-step is nearly done.
    await Promise.race([begun, asked[0]]);
    await closed.close();
    const [, second, third] = (await ends).map((end) => end.status === 'rejected' && end.reason);
    for (const reason of [second, third]) expect(reason).toBeInstanceOf(Interruption);
    // Slow variables and stream are as they were, so that it can be taken again.
    expect(await cameTo(interrupted, twoSteps)).toEqual(whole);
  });
});

const [, reference] = systems[0]!;

it('a state saved at any event of a stream is gone on from as if nothing had been saved', async () => {
  const whole = open(reference);
  const states: ReturnType<typeof whole.save>[] = [];
  whole.events$.subscribe(() => states.push(whole.save()));
  for (let i = 0; i < 2; i++) await whole.metaStep();
  const end = whole.save();
  expect(states.map(({ metaSteps }) => metaSteps)).toContain(1);
  for (const saved of [states[0]!, states[7]!, states.at(-2)!, states.at(-1)!]) {
    const second = open(reference);
    second.restore(saved);
    for (let i = saved.metaSteps; i < 2; i++) await second.metaStep();
    expect(second.save()).toEqual(end);
  }
});

it('closing refuses what is asked for afterwards', async () => {
  const stream = open(reference);
  await stream.close();
  await stream.close();
  await expect(stream.metaStep()).rejects.toThrow(ClosedError);
  await expect(stream.evaluate(unseen, [1])).rejects.toThrow(
    /The learner is closed, so evaluate\(\) is refused/,
  );
});

it('a listener that waits for a judgement in the middle of a meta-step gets it, behind that', async () => {
  const stream = open(reference);
  const asked = firstValueFrom(stream.events$.pipe(filter(({ kind }) => kind === 'step'))).then(() =>
    stream.evaluate(unseen, [2]),
  );
  await stream.metaStep();
  expect(await asked).toEqual(await stream.evaluate(unseen, [2]));
});

it.each<[string, (of: StreamLearner) => Promise<unknown>]>([
  ['a judgement', (of) => of.evaluate(unseen, [1])],
  ['a meta-step', (of) => of.metaStep()],
  ['closing', (of) => of.close()],
])('a method that waits for its own learner is told so, instead of waiting for ever: %s', async (_, ask) => {
  const asking: MetaLearner = {
    ...learner,
    async learn(context) {
      await ask(stream);
      return learner.learn(context);
    },
  };
  const stream: StreamLearner = open({ ...reference, learner: asking });
  const step = stream.metaStep();
  await expect(step).rejects.toThrow(InputError);
  await expect(step).rejects.toThrow(/was called by what the learner is waiting for/);
  await stream.close();
});
