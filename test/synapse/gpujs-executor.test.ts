import { GPU } from 'gpu.js';
import { InputError } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import type { SynchronousMode } from '../../src/synapse/gpujs-modes';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { defineRule, type Rule } from '../../src/synapse/rule';
import type { RuleExecutor } from '../../src/synapse/rule-executor';
import { sgdRule } from '../../src/synapse/rules/sgd';
import { everyRule, positive, scalars } from './every-rule';
import { type Bounded, given, runWithBound } from './running-error';

const opened: RuleExecutor[] = [];
const open = (mode?: SynchronousMode): RuleExecutor => {
  const executor = gpujsExecutor(mode);
  opened.push(executor);
  return executor;
};
afterEach(() => {
  jest.restoreAllMocks();
  for (const executor of opened.splice(0)) executor.close();
});

/** Random quantities for all that a rule reads or writes, zeros and large values among them. */
function quantitiesFor(rule: Rule, size: number): Record<string, Float64Array> {
  const random = new RandomStreams(7).stream(rule.name);
  const draw = () => {
    const kind = random.integer(8);
    return random.normal() * (kind === 0 ? 0.01 : kind === 1 ? 3 : 1);
  };
  const names = [...new Set([...rule.reads, ...rule.writes])];
  return Object.fromEntries(
    names.map((name) => {
      const values = Float64Array.from({ length: size }, draw);
      return [name, positive(rule, name) ? values.map((value) => Math.abs(value)) : values];
    }),
  );
}

const copy = (quantities: Record<string, Float64Array>) =>
  Object.fromEntries(Object.entries(quantities).map(([name, values]) => [name, values.slice()]));

/** The same rule on one synapse, in float64, with a bound on what float32 may make of it. */
function boundFor(
  rule: Rule,
  quantities: Record<string, Float64Array>,
  synapse: number,
): Record<string, Bounded> {
  const numbers: Record<string, Bounded> = {};
  for (const [name, value] of Object.entries(scalars)) numbers[name] = given(value);
  for (const [name, values] of Object.entries(quantities)) numbers[name] = given(values[synapse]!);
  for (const { writes, kernel } of rule.steps) numbers[writes] = runWithBound(kernel, numbers);
  return numbers;
}

const size = 3000;

interface Expected {
  readonly before: Record<string, Float64Array>;
  /** What the plain executor makes of it. */
  readonly exact: Record<string, Float64Array>;
  readonly bounds: readonly Record<string, Bounded>[];
}
const expectations = new Map<Rule, Expected>();

/** Worked out once for all modes. */
function expectedOf(rule: Rule): Expected {
  let expected = expectations.get(rule);
  if (expected === undefined) {
    const before = quantitiesFor(rule, size);
    const exact = copy(before);
    plainExecutor().run(rule, exact, scalars);
    const bounds = Array.from({ length: size }, (_, i) => boundFor(rule, before, i));
    for (const name of rule.writes) {
      // The bound is that of the very computation that the plain executor does.
      expect(Float64Array.from(bounds, (numbers) => numbers[name]!.value)).toEqual(exact[name]);
    }
    expected = { before, exact, bounds };
    expectations.set(rule, expected);
  }
  return expected;
}

describe.each<SynchronousMode>(['auto', 'webasm', 'cpu'])('GPU.js in mode %s', (mode) => {
  it.each(everyRule)(
    'gives for %s what the plain call gives, within the rounding of float32',
    (_name, rule) => {
      const { before, exact, bounds } = expectedOf(rule);
      const single = copy(before);
      open(mode).run(rule, single, scalars);
      for (const name of rule.writes) {
        const worst = Array.from(single[name]!, (value, i) => ({
          synapse: i,
          difference: Math.abs(value - exact[name]![i]!),
          bound: bounds[i]![name]!.error,
        })).filter(({ difference, bound }) => !(difference <= bound));
        expect(worst).toEqual([]);
      }
    },
  );

  it('does not see what it wrote to one quantity as another', () => {
    const rule = defineRule('swap', {
      a: 'function (b) { return b[this.thread.x]; }',
      b: 'function (a, b) { return a[this.thread.x] + b[this.thread.x]; }',
    });
    const quantities = { a: Float64Array.of(1, 2), b: Float64Array.of(10, 20) };
    open(mode).run(rule, quantities);
    expect(quantities).toEqual({ a: Float64Array.of(10, 20), b: Float64Array.of(20, 40) });
  });

  it('reads a whole number as the scalar first and a fraction later', () => {
    const executor = open(mode);
    for (const rate of [1, 0.5]) {
      const value = Float64Array.of(2);
      executor.run(sgdRule, { value, gradient: Float64Array.of(1) }, { rate });
      expect(value[0]).toBe(2 - rate);
    }
  });
});

describe('the bound on float32 rounding', () => {
  it('is tight enough to see one wrong digit in a hundred thousand', () => {
    const before = quantitiesFor(sgdRule, size);
    const wrong = { rate: scalars.rate * 1.00001 };
    const after = copy(before);
    open('cpu').run(sgdRule, after, wrong);
    const seen = Array.from({ length: size }, (_, i) => boundFor(sgdRule, before, i).value!).filter(
      ({ value, error }, i) => Math.abs(after.value![i]! - value) > error,
    );
    expect(seen.length).toBeGreaterThan(size / 4);
  });
});

describe('the executor', () => {
  const quantities = (length: number) => ({
    value: new Float64Array(length),
    gradient: new Float64Array(length),
  });

  it('reports its mode, and no reason where nothing fell back', () => {
    const executor = open('cpu');
    executor.run(sgdRule, quantities(3), { rate: 1 });
    expect(executor.report).toEqual({
      executor: 'gpujs',
      precision: 'float32',
      mode: 'cpu',
      fallbackReason: null,
    });
    expect(['webgl2', 'headlessgl', 'webasm', 'cpu']).toContain(open('auto').report.mode);
  });

  it('reports the slower mode and the reason where a kernel fell back', () => {
    jest.spyOn(GPU.prototype, 'createKernel').mockImplementation((() =>
      Object.assign(() => new Float32Array(3), {
        kernel: { fallbackReason: 'no device', constructor: { mode: 'cpu' } },
        destroy() {},
      })) as never);
    const executor = open('webasm');
    executor.run(sgdRule, quantities(3), { rate: 1 });
    expect(executor.report).toMatchObject({ mode: 'cpu', fallbackReason: 'no device' });
  });

  it('refuses a mode that does not exist, with the legal ones', () => {
    expect(() => gpujsExecutor('cuda' as SynchronousMode)).toThrow(InputError);
    expect(() => gpujsExecutor('cuda' as SynchronousMode)).toThrow(/auto, webgl2, headlessgl, webasm, cpu/);
  });

  it('refuses WebGPU, whose results come later than a rule returns, and names the engine for it', () => {
    expect(() => gpujsExecutor('webgpu' as SynchronousMode)).toThrow(
      /gives its results later.*gpujs engine/s,
    );
  });

  it('says what to take instead where this machine lacks a mode', () => {
    expect(() => gpujsExecutor('headlessgl')).toThrow(/"auto"/);
  });

  it('refuses a missing quantity and a missing scalar by name', () => {
    const executor = open('cpu');
    expect(() => executor.run(sgdRule, { value: new Float64Array(2) }, { rate: 1 })).toThrow(/"gradient"/);
    expect(() => executor.run(sgdRule, quantities(2), {})).toThrow(/"rate"/);
  });

  it('takes a scalar from the scalars, also where a quantity has the same name', () => {
    const value = Float64Array.of(1);
    const rate = Float64Array.of(99);
    open('cpu').run(sgdRule, { value, gradient: Float64Array.of(1), rate }, { rate: 0.5 });
    expect(value[0]).toBe(0.5);
  });
});

describe('compiled kernels', () => {
  it('are made once for each source and number of synapses', () => {
    const create = jest.spyOn(GPU.prototype, 'createKernel');
    const executor = open('cpu');
    const run = (length: number) =>
      executor.run(
        sgdRule,
        { value: new Float64Array(length), gradient: new Float64Array(length) },
        { rate: 1 },
      );
    for (const length of [3, 3, 5, 3, 5]) run(length);
    expect(create).toHaveBeenCalledTimes(2);
    executor.run(
      defineRule('the same text', { value: sgdRule.steps[0]!.kernel.source }),
      {
        value: new Float64Array(3),
        gradient: new Float64Array(3),
      },
      { rate: 1 },
    );
    expect(create).toHaveBeenCalledTimes(2);
  });

  it('number 64 at the most: the one used longest ago is destroyed', () => {
    const destroyed: number[] = [];
    jest.spyOn(GPU.prototype, 'createKernel').mockImplementation(((
      _source: unknown,
      { output }: { output: number[] },
    ) => {
      const [length] = output as [number];
      return Object.assign(() => new Float32Array(length), {
        kernel: {},
        destroy: () => destroyed.push(length),
      });
    }) as never);
    const executor = open('cpu');
    const run = (length: number) =>
      executor.run(
        sgdRule,
        { value: new Float64Array(length), gradient: new Float64Array(length) },
        { rate: 1 },
      );
    for (let length = 1; length <= 64; length++) run(length);
    run(1);
    expect(destroyed).toEqual([]);
    run(65);
    expect(destroyed).toEqual([2]);
    run(66);
    expect(destroyed).toEqual([2, 3]);
    executor.close();
    expect(destroyed).toHaveLength(66);
  });

  it('and the device are freed by close, once', () => {
    const destroy = jest.spyOn(GPU.prototype, 'destroy');
    const executor = gpujsExecutor('cpu');
    executor.close();
    expect(destroy).toHaveBeenCalledTimes(1);
  });
});
