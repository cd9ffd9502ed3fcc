import fc from 'fast-check';
import { all, create } from 'mathjs';
import { formulaOf } from '../../src/kernel/formula';
import { formulaText } from '../../src/kernel/formula-text';
import { formulaValue } from '../../src/kernel/formula-value';
import { defineKernel } from '../../src/kernel/kernel';
import { callKernel } from '../../src/synapse/plain-executor';
import { everyRule } from '../synapse/every-rule';
import { expressions } from './gpu/dialect-grid';

const math = create(all!);
const number = fc.oneof(
  // mathjs takes numbers within 1e-15 of each other for equal, so that its max may be the smaller one: none that near to 0.
  fc.double({ min: -5, max: 5, noNaN: true }).map((value) => (Math.abs(value) < 1e-9 ? 0 : value)),
  fc.constantFrom(-2, -1, -0, 0, 0.5, 1, 3, 1e-9, -1e9),
);

/** The kernel's own value for one synapse, which runs as JavaScript. */
function ownValue(source: string, values: Readonly<Record<string, number>>): number {
  const kernel = defineKernel(source);
  const quantities = Object.fromEntries(kernel.arrays.map((name) => [name, Float64Array.of(values[name]!)]));
  const scalars = Object.fromEntries(kernel.scalars.map((name) => [name, values[name]!]));
  const out = new Float64Array(1);
  callKernel(kernel, quantities, scalars, out);
  return out[0]!;
}

const kernelsOfRules = everyRule.flatMap(([name, { steps }]) =>
  steps.map(({ writes, kernel }) => [`${name}, ${writes}`, kernel.source] as const),
);
const withBranches = [
  `function f(a, b) { const i = this.thread.x; let s = a[i]; if (s > b) { s = s * 2; } else if (s < -b) { return -s; } return s + b; }`,
  `function f(a, b) { let s = 0; for (let k = 0; k < 4; k++) { s = s + k * a[this.thread.x]; } return s - b; }`,
  `function f(a, b) { const square = (x) => x * x; { const t = 3; } const s = square(a[this.thread.x] - b); return s / (1 + s); }`,
  `function f(a, b) { return -((a[this.thread.x] - b) - (b - a[this.thread.x])) ** 2 / -b; }`.replace(
    '-((',
    '((',
  ),
].map((source) => ['branches, loops and helpers', source] as const);
const ofDialect = expressions.map((text) => {
  const body = text.replace(/\ba\b/g, 'a[this.thread.x]');
  return [text, `function f(a, b) { return ${body}; }`] as const;
});

describe('the formula of a kernel', () => {
  it.each([...kernelsOfRules, ...withBranches, ...ofDialect])(
    'has the value of the kernel, to the bit: %s',
    (_, source) => {
      const formula = formulaOf(source)!;
      const { parameters } = defineKernel(source);
      const given = fc.tuple(...parameters.map(() => number));
      fc.assert(
        fc.property(given, (drawn) => {
          const values = Object.fromEntries(parameters.map((name, i) => [name, drawn[i]!]));
          expect(formulaValue(formula, values)).toBe(ownValue(source, values));
        }),
      );
    },
  );

  it.each([...kernelsOfRules, ...withBranches])(
    'reads, with numbers in it, as what mathjs comes to: %s',
    (_, source) => {
      const formula = formulaOf(source)!;
      const { parameters } = defineKernel(source);
      fc.assert(
        fc.property(fc.tuple(...parameters.map(() => number)), (drawn) => {
          const values = Object.fromEntries(parameters.map((name, i) => [name, drawn[i]!]));
          const own = formulaValue(formula, values);
          const read = math.evaluate(formulaText(formula, (name) => String(values[name]))) as number;
          // mathjs has numbers that are complex, where roots and logarithms of negative ones are asked for.
          if (!Number.isFinite(own)) expect(typeof read === 'number' && Number.isFinite(read)).toBe(false);
          // The same operations, but for functions, whose last digits are each library's own.
          else expect(Math.abs(read - own)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(own)));
        }),
      );
    },
  );

  it('is null where it would be too long to read, and where the text is not local', () => {
    const loop =
      'function f(a) { let s = 0; for (let k = 0; k < 1000; k++) { s = s + a[this.thread.x]; } return s; }';
    expect(formulaOf(loop)).toBeNull();
    // Sixty doublings of one name, and the same by a function: short texts for what is 2^60 long.
    const doubled = (how: string) =>
      `function f(a) { let s = a[this.thread.x]; ${`s = ${how};`.repeat(60)} return s; }`;
    expect(formulaOf(doubled('s + s'))).toBeNull();
    expect(formulaOf(doubled('Math.max(s, s)'))).toBeNull();
    expect(formulaOf('function f(a) { return a[this.thread.x + 1]; }')).toBeNull();
    expect(formulaOf('function f(a) { return process.exit(a[this.thread.x]); }')).toBeNull();
  });
});
