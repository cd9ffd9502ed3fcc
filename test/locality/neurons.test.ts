import fc from 'fast-check';
import { modulatedSinusoidMlp } from '../../models/sinusoid-mlp';
import { LocalityError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { metaWeights } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { auditLocality } from '../../src/kernel/audit-locality';
import type { KernelFunction } from '../../src/kernel/kernel';
import { contrastGradients } from '../../src/learning/contrast';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { adam, heavyBall, nesterov, type Optimizer, sgd } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import { neuronsOf } from '../../src/network/neuron';
import { perturbLocality } from '../../src/synapse/perturb-locality';
import { Population } from '../../src/synapse/population';
import { defineRule } from '../../src/synapse/rule';
import type { RuleExecutor } from '../../src/synapse/rule-executor';
import { gradientContrastRule } from '../../src/synapse/rules/gradient-contrast';
import { TaskStream } from '../../src/tasks/task-stream';
import { openExecutors } from './executors';

const network = modulatedSinusoidMlp(3);
const weights = network.meta.size;
const neurons = neuronsOf(network, new Population(network.synapse, network.topology));
/** Where everything that belongs to a neuron lies, in each array over the fast parameters. */
const ownOf = (which: number): number[] => [neurons[which]!.gainIndex, neurons[which]!.thresholdIndex];

const executors = Object.entries(openExecutors());
// A small rate: whatever the gradients, a step is far smaller than the changes that the tests make to values.
const optimizers = [sgd, heavyBall, nesterov, adam].map((make) => make({ rate: 0.01 }));
const estimators = [forward(0.1), symmetric(0.1), pForward(3, 0.1)];

/** Each executor with each of the given methods, as rows of a table of tests. */
const withEach = <Method extends { readonly name: string }>(methods: readonly Method[]) =>
  executors.flatMap(([name, executor]) =>
    methods.map((method) => [`${name}, ${method.name}`, executor, method] as const),
  );

/** Arrays of numbers above 0, as second moments must be, and far enough from it for single precision. */
function arrays(count: number, size: number): fc.Arbitrary<number[][]> {
  const array = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: size, maxLength: size });
  return fc.array(array, { minLength: count, maxLength: count });
}

/** Adds another number in each array, so that no difference between two arrays stays what it was. */
const shifted = (value: number, which: number): number => value + which + 1;

function changeAt(places: readonly number[], given: readonly number[][], change = shifted): number[][] {
  return given.map((values, which) => values.map((v, i) => (places.includes(i) ? change(v, which) : v)));
}

/** Requires that the entries at these places, and no others, differ in a bit or more. */
function expectChangedOnlyAt(places: readonly number[], before: Float64Array, after: Float64Array): void {
  const changed = [...before.keys()].filter((i) => !Object.is(before[i], after[i]));
  expect(changed).toEqual([...places].sort((a, b) => a - b));
}

describe("a neuron's inner update", () => {
  const quantitiesOf = ({ buffers }: Optimizer): string[] => ['value', 'gradient', ...buffers];

  /** All arrays over the fast parameters behind one inner step: new gains and thresholds, and new buffers. */
  function update(executor: RuleExecutor, optimizer: Optimizer, given: readonly number[][]): Float64Array[] {
    const named = quantitiesOf(optimizer).map((name, i) => [name, Float64Array.from(given[i]!)]);
    const quantities: Record<string, Float64Array> = Object.fromEntries(named);
    executor.run(optimizer.rule, quantities, optimizer.scalarsAt(1));
    return optimizer.rule.writes.map((name) => quantities[name]!);
  }

  it.each(withEach(optimizers))(
    'changes no other gain, threshold or buffer by a single bit, whatever becomes of its own (%s)',
    (_, executor, optimizer) => {
      const all = arrays(quantitiesOf(optimizer).length, network.size);
      fc.assert(
        fc.property(all, fc.nat(neurons.length - 1), (given, which) => {
          const before = update(executor, optimizer, given);
          const after = update(executor, optimizer, changeAt(ownOf(which), given));
          before.forEach((values, i) => {
            expectChangedOnlyAt(ownOf(which), values, after[i]!);
          });
        }),
      );
    },
  );

  it.each(
    optimizers.flatMap((one) => quantitiesOf(one).map((quantity) => [one.name, quantity, one] as const)),
  )('by %s depends on its own %s', (_, quantity, optimizer) => {
    const given = quantitiesOf(optimizer).map(() => Array<number>(network.size).fill(0.5));
    const changed = changeAt(ownOf(4), given);
    const one = given.map((values, i) => (quantitiesOf(optimizer)[i] === quantity ? changed[i]! : values));
    const valueAfter = (arrays: number[][]) => update(executors[0]![1], optimizer, arrays).at(-1)!;
    expectChangedOnlyAt(ownOf(4), valueAfter(given), valueAfter(one));
  });

  it("is refused by the audit, and caught by perturbation, where it reads a neighbour's gain", () => {
    const lateral: KernelFunction = function (gain, gradient, rate) {
      return gain[this.thread.x] - rate * (gradient[this.thread.x] + gain[this.thread.x + 1]);
    };
    const { local, violations } = auditLocality(lateral);
    expect([local, violations.map(({ expression }) => expression)]).toEqual([
      false,
      ['gain[this.thread.x + 1]'],
    ]);
    expect(() => defineRule('lateral', { gain: lateral })).toThrow(LocalityError);
    const ofGain = perturbLocality(lateral).breaches.filter(({ quantity }) => quantity === 'gain');
    expect(ofGain).not.toEqual([]);
    expect(ofGain.every(({ changed, affected }) => changed === affected + 1)).toBe(true);
  });
});

describe("a meta-weight's contrast", () => {
  function contrastOf(executor: RuleExecutor, { betas, terms }: Estimator, gradients: readonly number[][]) {
    const ends = [0, ...betas].map((beta, phase) => [beta, Float64Array.from(gradients[phase]!)] as const);
    return contrastGradients(terms, new Map(ends), executor);
  }

  it.each(withEach(estimators))(
    'changes with its own gradients at the equilibria, and with no others (%s)',
    (_, executor, estimator) => {
      const all = arrays(1 + estimator.betas.length, weights);
      fc.assert(
        fc.property(all, fc.nat(weights - 1), (given, which) => {
          const before = contrastOf(executor, estimator, given);
          const after = contrastOf(executor, estimator, changeAt([which], given));
          expectChangedOnlyAt([which], before, after);
        }),
      );
    },
  );

  it('passes the audit', () => {
    expect(auditLocality(gradientContrastRule)).toMatchObject({ local: true, violations: [] });
  });
});

describe("a meta-weight's update after a meta-batch", () => {
  /** theta behind one meta-step of a stream whose tasks have these meta-gradients. */
  async function thetaBehind(rules: RuleExecutor, optimizer: Optimizer, gradients: readonly number[][]) {
    const learner: MetaLearner = {
      name: 'given',
      adaptation: optimizer,
      regularised: false,
      learns: [metaWeights],
      async learn({ episode }) {
        const metaGradient = { [metaWeights]: Float64Array.from(gradients[episode.index]!) };
        return { metaGradient, heldOutLoss: 0 };
      },
    };
    const stream = new TaskStream({ source: sinusoids(), random: new RandomStream('tasks', 'seed') });
    const meta = { optimizer };
    const batch = gradients.length;
    const all = new StreamLearner({ network, learner, stream, meta, batch, engine: referenceEngine, rules });
    await all.metaStep();
    await all.close();
    return all.theta;
  }

  it.each(withEach(optimizers))(
    'changes with its own meta-gradients, and with no others (%s)',
    async (_, executor, optimizer) => {
      await fc.assert(
        fc.asyncProperty(arrays(2, weights), fc.nat(weights - 1), async (given, which) => {
          // The first step of Adam is as long for each gradient of one sign, so the sign is what is changed.
          const changed = changeAt([which], given, (value) => -value);
          expectChangedOnlyAt(
            [which],
            await thetaBehind(executor, optimizer, given),
            await thetaBehind(executor, optimizer, changed),
          );
        }),
      );
    },
  );
});
