import fc from 'fast-check';
import { interpretedFunction } from '../../src/kernel/interpreter';
import { defineKernel } from '../../src/kernel/kernel';
import { makeFunction } from '../../src/kernel/make-function';
import { legalKernel } from '../locality/legal-kernels';
import { everyRule } from '../synapse/every-rule';
import { gridRule, quantities } from './gpu/dialect-grid';

/** The kernel of a text, as V8 compiles it and as it is interpreted. */
const both = (source: string) =>
  [makeFunction, interpretedFunction].map((make) => make([], `return (${source});`)());

const special = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 5e-324, 1e308, 0.5, -2.5, 2 ** 31, 1e10];
const number = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.double(),
  fc.constantFrom(...special),
);
const names = ['phi', 'omega', 'lambda', 'rate', 'beta'];

describe('a kernel where text cannot be compiled', () => {
  it('gives to the bit what V8 makes of it: any legal kernel, any numbers', () => {
    fc.assert(
      fc.property(
        legalKernel,
        fc.record(Object.fromEntries(names.map((name) => [name, number]))),
        (source, given) => {
          const kernel = defineKernel(source);
          const [compiled, interpreted] = both(kernel.source);
          const values = kernel.parameters.map((name) =>
            kernel.arrays.includes(name) ? [Number.NaN, given[name]] : given[name],
          );
          const of = (kernel: typeof compiled) => kernel!.apply({ thread: { x: 1 } }, values);
          expect(Object.is(of(interpreted), of(compiled))).toBe(true);
        },
      ),
      { numRuns: Number(process.env.KERNELS ?? 1500) },
    );
  });

  it('gives the same in each part of the dialect, at numbers of every size', () => {
    const { a, b } = quantities();
    const wrong = gridRule.steps.filter(({ kernel: { source, parameters } }) => {
      const [compiled, interpreted] = both(source);
      const values = parameters.map((name) => ({ a, b })[name]);
      return a!.some((_, x) => {
        const self = { thread: { x } };
        return !Object.is(compiled!.apply(self, values), interpreted!.apply(self, values));
      });
    });
    expect(wrong).toEqual([]);
  });

  it.each(everyRule.map((entry) => entry))('gives the same by the rule %s', (_, rule) => {
    for (const { kernel } of rule.steps) {
      const [compiled, interpreted] = both(kernel.source);
      for (let i = 1; i < 50; i++) {
        const values = kernel.parameters.map((name, place) => {
          const value = Math.sin(i * (place + 1)) * 2;
          return kernel.arrays.includes(name) ? [value] : Math.abs(value);
        });
        const self = { thread: { x: 0 } };
        expect(Object.is(interpreted!.apply(self, values), compiled!.apply(self, values))).toBe(true);
      }
    }
  });

  it('writes to places, as uniform numbers are handed over', () => {
    const body = 'const one = (scalars.rate * 2); into[from + 1] = +one; into[from + 0] = +(one > 1);';
    const into = new Float64Array(4);
    interpretedFunction(['scalars', 'into', 'from'], body)({ rate: 3 }, into, 2);
    expect([...into]).toEqual([0, 0, 1, 6]);
  });

  it.each([
    ['globalThis', 'the name globalThis'],
    ['[1, 2]', 'ArrayExpression'],
    ['typeof 1', 'typeof'],
    ['(() => { while (true) {} })()', 'WhileStatement'],
    ['1 ?? 2', '??'],
  ])('refuses what is not in the language: %s', (expression, got) => {
    expect(() => interpretedFunction([], `return ${expression};`)()).toThrow(
      `This text cannot be interpreted. Got "${got}"`,
    );
  });
});
