import { InputError } from '../../src/core/errors';
import { type ContrastiveOptions, contrastive } from '../../src/learning/contrastive';
import { forward, symmetric } from '../../src/learning/estimators';
import { adam, heavyBall, nesterov, sgd } from '../../src/learning/optimizers';
import { taskPlan } from '../../src/learning/run-task';

describe('an optimiser', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a rate of 0', () => sgd({ rate: 0 }), /rate .*must be above 0.*Got 0/],
    ['a negative rate', () => adam({ rate: -1 }), /rate .*must be above 0/],
    ['a rate that is no number', () => nesterov({ rate: Number.NaN }), /rate .*must be a finite number/],
    [
      'an infinite rate',
      () => heavyBall({ rate: Number.POSITIVE_INFINITY }),
      /rate .*must be a finite number/,
    ],
    ['a momentum of 1', () => nesterov({ rate: 1, momentum: 1 }), /momentum .*must be below 1/],
    ['a negative momentum', () => heavyBall({ rate: 1, momentum: -0.1 }), /momentum .*must not be negative/],
    ['a beta1 of 1', () => adam({ rate: 1, beta1: 1 }), /beta1 .*must be below 1/],
    ['a beta2 above 1', () => adam({ rate: 1, beta2: 1.1 }), /beta2 .*must be below 1/],
    ['an epsilon of 0', () => adam({ rate: 1, epsilon: 0 }), /epsilon .*must be above 0/],
  ])('is refused with %s', (_name, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });

  it('is a value: the same settings twice are equal, and say what it was made with', () => {
    expect(JSON.stringify(adam({ rate: 0.1 }))).toBe(JSON.stringify(adam({ rate: 0.1 })));
    expect(nesterov({ rate: 0.1 })).toMatchObject({ name: 'nesterov', settings: { rate: 0.1, decay: 0.9 } });
  });

  it("Adam's corrections undo the start from zero, and vanish later", () => {
    const { scalarsAt } = adam({ rate: 0.1 });
    expect(scalarsAt(1)).toMatchObject({ firstCorrection: 1 / (1 - 0.9), secondCorrection: 1 / (1 - 0.999) });
    // 0.999^1e5 is below 1e-43.
    expect(scalarsAt(100_000)).toMatchObject({ firstCorrection: 1, secondCorrection: 1 });
  });

  it('Adam writes the scalars of a step into those of another where it is handed them', () => {
    const { scalarsAt } = adam({ rate: 0.1 });
    const first = scalarsAt(1);
    expect(scalarsAt(7, first)).toBe(first);
    expect(first).toEqual(scalarsAt(7));
  });
});

describe('the contrastive rule', () => {
  const phase = { optimizer: sgd({ rate: 0.1 }), steps: 10 };
  const options: ContrastiveOptions = { estimator: forward(0.1), free: phase, nudged: phase };

  it('resets buffers and has a tolerance of 1e-6 where nothing else is said', () => {
    expect(contrastive(options)).toMatchObject({ optimizerState: 'reset', free: { tolerance: 1e-6 } });
  });

  it('keeps buffers only between phases of the same optimiser', () => {
    const nudged = { optimizer: nesterov({ rate: 0.1 }), steps: 10 };
    expect(() => contrastive({ ...options, nudged, optimizerState: 'keep' })).toThrow(InputError);
    expect(() => contrastive({ ...options, nudged, optimizerState: 'keep' })).toThrow(/sgd, then nesterov/);
    expect(contrastive({ ...options, nudged }).optimizerState).toBe('reset');
    const both = { free: nudged, nudged: { ...nudged, optimizer: nesterov({ rate: 0.5 }) } };
    expect(contrastive({ ...options, ...both, optimizerState: 'keep' }).optimizerState).toBe('keep');
  });

  it.each<[string, Partial<typeof phase> & { tolerance?: number }, RegExp]>([
    ['no steps', { steps: 0 }, /free\.steps .*must be at least 1/],
    ['half a step', { steps: 0.5 }, /free\.steps/],
    ['a negative tolerance', { tolerance: -1 }, /free\.tolerance .*must not be negative/],
    ['a tolerance that is no number', { tolerance: Number.NaN }, /free\.tolerance .*must be a finite number/],
  ])('is refused with %s', (_name, change, message) => {
    expect(() => contrastive({ ...options, free: { ...phase, ...change } })).toThrow(message);
  });

  it('plans the free phase first, then the nudged ones of its estimator', () => {
    const rule = contrastive({ ...options, estimator: symmetric(0.1), nudged: { ...phase, steps: 4 } });
    expect(taskPlan(rule, 5)).toEqual({
      phases: [
        { beta: 0, steps: 10, tolerance: 1e-6 },
        { beta: 0.1, steps: 4, tolerance: 1e-6 },
        { beta: -0.1, steps: 4, tolerance: 1e-6 },
      ],
      stride: 5,
    });
  });
});
