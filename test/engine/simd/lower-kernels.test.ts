import fc from 'fast-check';
import { KernelError } from '../../../src/core/errors';
import type { KernelStep } from '../../../src/engine/simd/lowering/lower-kernels';
import { defineKernel } from '../../../src/kernel/kernel';
import { complexSynapse, defineSynapse } from '../../../src/synapse/model';
import type { Rule } from '../../../src/synapse/rule';
import { legalKernel } from '../../locality/legal-kernels';
import { everyRule, positive, scalars } from '../../synapse/every-rule';
import { given, runWithBound } from '../../synapse/running-error';
import { interpret } from './float32-interpreter';
import { count, place, runLowered } from './run-lowered';

const special = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 1.4e-45, 3e38, 0.5, -2.5];

/** Steps one after the other, each as its text reads; later ones see what earlier ones wrote. */
function expected(
  steps: readonly KernelStep[],
  values: (name: string) => ArrayLike<number>,
  scalars: Record<string, number>,
): Record<string, Float32Array> {
  const names = [...new Set(steps.flatMap(({ writes, kernel }) => [writes, ...kernel.arrays]))];
  const quantities = Object.fromEntries(names.map((name) => [name, Float32Array.from(values(name))]));
  for (const { writes, kernel } of steps) {
    const written = Float32Array.from({ length: count }, (_, i) => interpret(kernel, quantities, scalars, i));
    quantities[writes] = written;
  }
  return quantities;
}

function expectSame(got: Record<string, Float32Array>, truth: Record<string, Float32Array>): void {
  for (const [name, values] of Object.entries(truth))
    expect([name, [...got[name]!]]).toEqual([name, [...values]]);
}

/** Any float32 number, special ones often. */
const anyNumber = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround) },
  fc.float(),
  fc.constantFrom(...special),
);
const columns = fc.record(
  Object.fromEntries(
    ['phi', 'omega', 'lambda'].map((name) => [
      name,
      fc.array(anyNumber, { minLength: count, maxLength: count }),
    ]),
  ),
);

describe('a kernel lowered to WebAssembly', () => {
  it('gives to the bit what its text says in float32, branch by branch: any legal kernel, any numbers', () => {
    const drawn = fc.record({ rate: anyNumber, beta: anyNumber });
    fc.assert(
      fc.property(legalKernel, columns, drawn, (source, values, numbers) => {
        const steps = [{ writes: 'phi', kernel: defineKernel(source) }];
        const of = (name: string) => values[name]!;
        expectSame(runLowered(steps, of, numbers).after, expected(steps, of, numbers));
      }),
      { numRuns: Number(process.env.KERNELS ?? 400) },
    );
  });

  const wave = (name: string) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(name.length + 1.7 * i) + 1.1);
  const halves = new Proxy({}, { get: () => 0.5 }) as Record<string, number>;

  it.each(everyRule)('gives to the bit what rule "%s" says', (_, rule) => {
    expectSame(runLowered(rule.steps, wave, halves).after, expected(rule.steps, wave, halves));
  });

  const synapse = (rule: Rule): Record<string, number> =>
    Object.fromEntries(
      [...rule.reads, ...rule.writes].map((name) => {
        const value = Math.fround(Math.sin(name.length) / 2 + 0.3);
        return [name, positive(rule, name) ? Math.abs(value) : value];
      }),
    );

  it.each(everyRule)('is within the rounding of float32 of the plain call: rule "%s"', (_, rule) => {
    const present = synapse(rule);
    const { after } = runLowered(rule.steps, (name) => new Float32Array(count).fill(present[name]!), scalars);
    const bounded = Object.fromEntries(
      Object.entries({ ...present, ...scalars }).map(([name, value]) => [name, given(value)]),
    );
    for (const { writes, kernel } of rule.steps) {
      const arguments_ = kernel.parameters.map((name) =>
        kernel.arrays.includes(name) ? [present[name]!] : scalars[name as 'rate'],
      );
      bounded[writes] = runWithBound(kernel, bounded);
      present[writes] = kernel.call.apply({ thread: { x: 0 } }, arguments_);
      const error = Math.abs(after[writes]![0]! - present[writes]);
      expect(error).toBeLessThanOrEqual(bounded[writes].error);
    }
  });

  const models = [
    complexSynapse,
    defineSynapse({
      fast: 'w',
      meta: ['anchor', 'width'],
      penalty: 'log(1 + (w - anchor)^2 / exp(width)) + abs(w)',
    }),
  ];
  it.each(models.map((model) => [model.penalty, model] as const))(
    'gives to the bit the rules of the energy %s',
    (_, model) => {
      const { pull, contrast, curvature, cross } = model;
      const rules = [pull, ...Object.values(contrast)].map(({ steps }) => steps);
      const kernels = [curvature, ...Object.values(cross)].map((kernel) => [{ writes: 'result', kernel }]);
      for (const steps of [...rules, ...kernels])
        expectSame(runLowered(steps, wave, halves).after, expected(steps, wave, halves));
    },
  );
});

describe('a kernel that is too long for WebAssembly', () => {
  it('is refused by an error that says which limit it exceeds', () => {
    const names = Array.from({ length: 1001 }, (_, i) => `a${i}`);
    const sum = names.map((name) => `${name}[this.thread.x]`).join(' + ');
    const kernel = defineKernel(`function long(${names.join()}) { return ${sum}; }`);
    const lower = () => runLowered([{ writes: 'a0', kernel }], () => [], {});
    expect(lower).toThrow(KernelError);
    expect(lower).toThrow(/"long" are too long for one pass.*1004 parameters.*1000/);
  });
});

describe('several kernels in one pass', () => {
  const values = (name: string) =>
    Float32Array.from({ length: count }, (_, i) => Math.cos(name.length * 3 + i));
  const double = { writes: 'a', kernel: defineKernel('function f(a) { return 2 * a[this.thread.x]; }') };
  const addA = {
    writes: 'b',
    kernel: defineKernel('function f(a, b, k) { return b[this.thread.x] + k * a[this.thread.x]; }'),
  };

  it('see what earlier ones wrote', () => {
    const { after } = runLowered([double, addA], values, { k: 3 });
    expectSame(after, expected([double, addA], values, { k: 3 }));
  });

  it('may call one quantity by two names', () => {
    const addValue = {
      writes: 'b',
      kernel: defineKernel('function f(value, b, k) { return b[this.thread.x] + k * value[this.thread.x]; }'),
    };
    const { after } = runLowered([double, addValue], values, { k: 3 }, { aliases: { value: 'a' } });
    expectSame(after, expected([double, addA], values, { k: 3 }));
  });

  it('sum squares as they are after the first, without the padding behind the last synapse', () => {
    place('a').values.fill(7); // padding included
    const { sum } = runLowered([double, addA, double], values, { k: 3 }, { sumOfSquares: 'a' });
    // Float32 squares, added in float64.
    const squares = Array.from(values('a'), (value) => Math.fround(Math.fround(2 * value) ** 2));
    expect(sum).toBeCloseTo(
      squares.reduce((total, square) => total + square, 0),
      12,
    );
  });

  it('bring nothing of a transient quantity back', () => {
    const { after } = runLowered([double, addA], values, { k: 3 }, { transient: ['a'] });
    expect(after.a).toEqual(values('a'));
    expect(after.b).toEqual(expected([double, addA], values, { k: 3 }).b);
  });
});
