import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { type ContrastiveOptions, contrastive } from '../../../src/learning/contrastive';
import { forward, symmetric } from '../../../src/learning/estimators';
import { sgd } from '../../../src/learning/optimizers';
import { adjustableRule } from '../../../src/run/trust/adjustable-rule';
import { plainExecutor } from '../../../src/synapse/plain-executor';
import type { Adjustable } from '../../../src/theory/trust/adjustable';
import { judge } from '../../../src/theory/trust/judge';
import { oneSynapse, sample } from '../../learning/one-synapse';

/** L_in = (phi - 1)^2 + 0.5/2 phi^2, L_out = (phi + 0.5)^2: curvatures 2.5 and 2. */
function problemOf(change: Partial<ContrastiveOptions>) {
  const phase = { optimizer: sgd({ rate: 0.1 }), steps: 200, tolerance: 1e-9 };
  return {
    ...{ network: oneSynapse, engine: referenceEngine, rules: plainExecutor() },
    task: { name: 'one number', train: sample(1), heldOut: sample(-0.5) },
    rule: contrastive({ estimator: forward(0.1), free: phase, nudged: phase, ...change }),
    slow: { omega: Float64Array.of(0), lambda: Float64Array.of(0.5) },
    start: Float64Array.of(0.2),
  };
}

const judged = (change: Partial<ContrastiveOptions>) => judge(adjustableRule(problemOf(change)));
const phase = (rate: number, steps = 200, tolerance = 1e-9) => ({
  optimizer: sgd({ rate }),
  steps,
  tolerance,
});

describe('advice', () => {
  it('is not given, and nothing is tried, where the verdict is good', async () => {
    expect(await judged({})).toMatchObject({ verdict: 'good', advice: null, trials: null, descent: null });
  });

  it.each<[string, Partial<ContrastiveOptions>, string, RegExp]>([
    [
      'a nudge that is too strong',
      { estimator: forward(5) },
      'biased',
      /^beta: 0\.\d+ \(tried on the same task: good/,
    ],
    [
      'too few steps',
      { free: phase(0.02, 20), nudged: phase(0.02, 20) },
      'noisy',
      /^free\.(steps|rate): \S+, nudged\.\1: \S+ \(tried/,
    ],
    [
      'tolerances that are too high',
      { free: phase(0.1, 200, 0.1), nudged: phase(0.1, 200, 0.1) },
      'noisy',
      /^free\.tolerance: /,
    ],
    [
      'rates that are too high',
      { free: phase(2), nudged: phase(2) },
      'no equilibrium',
      /^free\.rate: 0\.\d, nudged\.rate: 0\.\d \(/,
    ],
    [
      'a negative nudge that loses the minimum',
      { estimator: symmetric(3) },
      'no equilibrium',
      /^(estimator: forward, )?beta: 0\.\d+|^estimator: forward/,
    ],
    ['a nudge that does not move phi', { estimator: forward(1e-16) }, 'noisy', /^beta: 0\.01 \(/],
  ])('about %s was tried, and is the change that was good', async (_what, change, verdict, advice) => {
    const { trials, ...trust } = await judged(change);
    expect(trust).toMatchObject({ verdict, advice: expect.stringMatching(advice) });
    expect(trials!.best).toMatchObject({ verdict: 'good' });
    expect(trials!.tried.map(({ words }) => words)).toContain(trials!.best!.words);
    expect(trials!.work.gradients).toBeLessThanOrEqual(trials!.mostGradients);
    for (const { verdict: tried, error } of trials!.tried) {
      if (tried === 'good') expect(error).toBeLessThan(0.32);
    }
  });

  it('is not given where nothing that was tried helped, and what was tried is told', async () => {
    // The loss is flat: neither the data nor the penalty draws phi anywhere.
    const problem = problemOf({});
    const flat = { ...sample(0), x: Float64Array.of(0) };
    const task = { name: 'flat', train: flat, heldOut: sample(-0.5) };
    const slow = { ...problem.slow, lambda: Float64Array.of(0) };
    const { verdict, advice, trials } = await judge(adjustableRule({ ...problem, task, slow }));
    expect({ verdict, advice, best: trials!.best }).toEqual({
      verdict: 'no equilibrium',
      advice: null,
      best: null,
    });
    expect(trials!.tried.length).toBeGreaterThan(1);
  });

  it('costs no more gradients than it says, even where the verdict was dear', async () => {
    const slow = { free: phase(1e-4, 30_000), nudged: phase(1e-4, 30_000) };
    const { trials, evidence } = await judged({ ...slow, estimator: forward(30) });
    expect(trials!.mostGradients).toBe(Math.max(50_000, 4 * evidence.work.gradients));
    expect(trials!.work.gradients).toBeLessThanOrEqual(trials!.mostGradients);
    expect(trials!.work.gradients).toBe(trials!.tried.reduce((sum, { work }) => sum + work.gradients, 0));
  });

  it('about the rate of meta-learning is given where that has thrown the slow variables far', async () => {
    const problem = problemOf({});
    const thrown = { omega: Float64Array.of(0), lambda: Float64Array.of(1000) };
    const rates: number[] = [];
    const adjustable: Adjustable = {
      problem: { ...problem, slow: thrown },
      present: { metaRate: 50, engine: 'reference' },
      begin: problem,
      at: (slow) => ({ ...problem, slow }),
      change({ metaRate }) {
        if (metaRate === undefined) return null;
        rates.push(Number(metaRate));
        const lambda = Float64Array.of(0.5 + (1000 * Number(metaRate)) / 50);
        return { words: `--set meta.rate=${metaRate}`, problem: { ...problem, slow: { ...thrown, lambda } } };
      },
    };
    const { verdict, advice } = await judge(adjustable);
    expect(verdict).toBe('no equilibrium');
    expect(advice).toMatch(/^--set meta\.rate=0\.\d+ \(tried on the same task: good/);
    // Stable while 0.1 (2 + lambda) < 2; the first that is comfortable is the last that is tried.
    expect(rates).toEqual([20, 5, 2, 0.5]);
    const { trials } = await judge({ ...adjustable, begin: null });
    expect(trials!.tried).toEqual([]);
  });

  it('prefers, of changes that are good, one on which more tasks agree', async () => {
    const problem = problemOf({ estimator: forward(5) });
    // On the other task a nudge of any strength but a tiny one is biased.
    const other = { ...problem.task, heldOut: { ...sample(-0.5), x: Float64Array.of(30) } };
    const alone = await judge(adjustableRule(problem));
    const both = await judge({ ...adjustableRule(problem), others: [other] });
    expect(alone.advice).toMatch(/tried on the same task: good/);
    expect(both.advice).toMatch(/tried on the same task and 1 more: good/);
    expect(both.trials!.best!.goodOn).toBe(2);
  });
});

describe('whether a gradient leads down', () => {
  it('is measured where it is not good: a step that should lower the loss by 1 % does, though the gradient is biased', async () => {
    const { verdict, descent } = await judged({ estimator: forward(1) });
    expect(verdict).toBe('biased');
    expect(descent!.expected).toBe(0.01);
    expect(descent!.found).toBeGreaterThan(0.005);
    // The gradient that is told is too small by the bias, so that a step sized by it lowers more.
    expect(descent!.found).toBeLessThan(0.05);
  });
});
