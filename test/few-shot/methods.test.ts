import { modulatedSinusoidMlp, sinusoidMlp } from '../../models/sinusoid-mlp';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { methods, methodsNamed } from '../../src/few-shot/methods/all-methods';
import type { Method } from '../../src/few-shot/methods/method';
import { gradientsOf } from '../../src/learning/meta-learner';
import { adam } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { TaskStream } from '../../src/tasks/task-stream';

const rules = plainExecutor();
const named = methods.map((method) => [method.name, method] as const);

function open(method: Method): StreamLearner {
  const network = method.network === 'complex' ? sinusoidMlp(3) : modulatedSinusoidMlp(3);
  const learner = method.make(method.settings.parse(undefined), { network, rules, stride: 10 });
  const learn = [method.network === 'complex' ? 'omega' : 'theta'].filter((name) =>
    gradientsOf(learner, network).includes(name),
  );
  return new StreamLearner({
    ...{ network, learner, batch: 2, engine: referenceEngine, rules, seed: 1 },
    stream: new TaskStream({
      source: sinusoids({ amplitude: [0.1, 0.5] }),
      random: new RandomStream('tasks', 'seed'),
    }),
    meta: { optimizer: adam({ rate: 0.01 }), learn },
    initial: method.network === 'complex' ? { lambda: 5 } : {},
  });
}

describe.each(named)('the method %s', (name, method) => {
  it('can be made from its own defaults, and bears its own name or that of its rule', () => {
    const network = method.network === 'complex' ? sinusoidMlp(3) : modulatedSinusoidMlp(3);
    const learner = method.make(method.settings.parse(undefined), { network, rules, stride: 10 });
    expect(learner.name).toBe(name === 'modulation' ? 'contrastive' : name);
  });

  it('has a plan whose first phase is free', () => {
    const { phases } = method.plan(method.settings.parse(undefined), 10);
    expect(phases[0]).toMatchObject({ beta: 0, steps: expect.any(Number) });
  });

  it('moves what it learns in a meta-step, and leaves all other slow variables alone', async () => {
    const synapses = open(method);
    const before = synapses.save().variables;
    const step = await synapses.metaStep();
    expect(step).toMatchObject({ learned: 2, skipped: 0, heldOutLoss: expect.any(Number) });
    const after = synapses.save().variables;
    const moved = Object.keys(after).filter((variable) =>
      before[variable]!.some((v, i) => v !== after[variable]![i]),
    );
    const moving = { complex: ['omega'], modulated: ['theta'] }[method.network];
    expect(moved).toEqual(['scratch', 'nearest'].includes(name) ? [] : moving);
  });

  it('is judged on unseen tasks without changing anything', async () => {
    const synapses = open(method);
    await synapses.metaStep();
    const before = synapses.save();
    const unseen = [{ ...sinusoids().sample(new RandomStream('unseen', 'seed'))!, name: 'unseen', index: 0 }];
    const losses = await synapses.evaluate(unseen, [0, 1, 5]);
    expect(losses).toEqual([[expect.any(Number)], [expect.any(Number)], [expect.any(Number)]]);
    // The nearest neighbour learns nothing.
    if (name === 'nearest') expect(losses[0]).toEqual(losses[2]);
    else expect(losses[0]).not.toEqual(losses[2]);
    expect(synapses.save()).toEqual(before);
  });
});

describe('methods by name', () => {
  it('are one, several, or all but the exact one, in the order of the table', () => {
    expect(methodsNamed('maml').map(({ name }) => name)).toEqual(['maml']);
    expect(methodsNamed('scratch, contrastive').map(({ name }) => name)).toEqual(['contrastive', 'scratch']);
    expect(methodsNamed('all').map(({ name }) => name)).toEqual([
      ...['contrastive', 'modulation', 'maml', 'fomaml', 'anil', 'reptile', 'imaml', 't1t2', 'joint'],
      ...['scratch', 'nearest'],
    ]);
  });

  it('are refused where one comes twice', () => {
    expect(() => methodsNamed('scratch,maml,scratch')).toThrow(/named twice\. Got "scratch,maml,scratch"/);
  });

  it('are refused where there is none of that name, with the nearest one', () => {
    expect(() => methodsNamed('contrastive,mamll')).toThrow(InputError);
    expect(() => methodsNamed('contrastive,mamll')).toThrow(/Did you mean "maml"/);
    expect(() => methodsNamed('')).toThrow(InputError);
  });
});
