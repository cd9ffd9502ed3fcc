import fc from 'fast-check';
import {
  CheckpointError,
  DivergenceError,
  type ErrorReport,
  InputError,
  Interruption,
  KernelError,
  LocalityError,
  MetaplastError,
  NoMinimumError,
} from '../../src/core/errors';

const whole: ErrorReport = { what: 'The rate is out of range', got: 7, legal: '0 to 1', advice: 'Try 0.1' };

describe('the message of an error', () => {
  it('says what failed, the value got, what is legal, and what to do, each a sentence', () => {
    expect(new InputError(whole).message).toBe('The rate is out of range. Got 7. Legal: 0 to 1. Try 0.1.');
  });

  it('leaves out what the report leaves out', () => {
    expect(new InputError({ what: 'Nothing to learn' }).message).toBe('Nothing to learn.');
    expect(new InputError({ what: 'x', legal: undefined, advice: undefined }).message).toBe('x.');
  });

  it.each(['Did you mean "adam"?', 'Stop!', 'Try 0.1.'])('adds no full stop behind %p', (advice) => {
    expect(new InputError({ what: 'x', advice }).message).toBe(`x. ${advice}`);
  });

  it.each<[unknown, string]>([
    ['sgd', 'Got "sgd".'],
    [Number.NaN, 'Got NaN.'],
    [-Infinity, 'Got -Infinity.'],
    [undefined, 'Got undefined.'],
    [null, 'Got null.'],
    [12n, 'Got 12.'],
    [[13, 1], 'Got [13,1].'],
    [{ a: 1 }, 'Got {"a":1}.'],
    [Symbol('s'), 'Got Symbol(s).'],
  ])('prints the value %p as a reader would write it', (got, printed) => {
    expect(new InputError({ what: 'x', got }).message).toBe(`x. ${printed}`);
  });

  it('cuts a long value short', () => {
    const { message } = new InputError({ what: 'x', got: Array.from({ length: 1000 }, (_, i) => i) });
    expect(message.length).toBeLessThan(140);
    expect(message).toMatch(/\.\.\.\.$/);
  });

  it('can be made of any value at all', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (got) => {
        expect(new InputError({ what: 'x', got }).message).toMatch(/^x\. Got /);
      }),
    );
    expect(new InputError({ what: 'x', got: loop }).message).toMatch(/^x\. Got /);
  });
});

describe('an error', () => {
  const moment = { task: 'boston', phase: 'nudged', beta: -0.1, step: 12 };
  it.each<[string, MetaplastError, number]>([
    ['InputError', new InputError(whole), 2],
    ['KernelError', new KernelError(whole), 2],
    ['LocalityError', new LocalityError('rule', []), 2],
    ['CheckpointError', new CheckpointError(whole), 2],
    ['MetaplastError', new MetaplastError(whole), 1],
    ['DivergenceError', new DivergenceError(moment, 1e13, 'Try less'), 1],
    ['NoMinimumError', new NoMinimumError(-1, 2, 3), 1],
    ['Interruption', new Interruption(whole), 130],
  ])('called %s exits with its own code and is an Error', (name, error, exitCode) => {
    expect(error).toBeInstanceOf(MetaplastError);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.exitCode]).toEqual([name, exitCode]);
  });

  it('keeps its report for programs', () => {
    expect(new InputError(whole).report).toBe(whole);
  });

  it('about locality names line, expression and why', () => {
    const violations = [
      { expression: 'phi[0]', line: 3, why: 'reads another synapse', breaks: 'locality' as const },
    ];
    const error = new LocalityError('cheat', violations);
    expect(error.message).toContain('Rule "cheat" is not local: line 3: `phi[0]` reads another synapse.');
    expect(error.violations).toBe(violations);
  });

  it('about what is outside the dialect does not say that it is not local', () => {
    const violations = [{ expression: 'var', line: 3, why: 'is var', breaks: 'dialect' as const }];
    const { message } = new LocalityError('old', violations);
    expect(message).toContain('Rule "old" is local, but outside the kernel dialect: line 3: `var` is var.');
  });

  it('about divergence names task, phase, beta, step and what to change', () => {
    const { message } = new DivergenceError(moment, 1e13, 'Try beta = -0.01');
    for (const part of ['"boston"', 'nudged phase', 'beta = -0.1', 'step 12', '10000000000000', 'Try beta']) {
      expect(message).toContain(part);
    }
  });

  it.each([
    [-0.5, 2, 1, 'indefinite'],
    [1e-17, 2, 0, 'singular'],
  ])('about a missing minimum calls the Hessian by its kind', (smallest, largest, negative, kind) => {
    const { message } = new NoMinimumError(smallest, largest, negative);
    expect(message).toContain(kind);
    expect(message).toContain(smallest.toExponential(3));
    expect(message).toContain(largest.toExponential(3));
    expect(message).toContain(`${negative} negative`);
  });
});
