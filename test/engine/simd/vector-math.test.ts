import { openMachine } from '../../../src/engine/simd/machine/machine';

/*
 * Over the whole range of float32: bit patterns at even distances, so that each power of two is met as often as any other, with
 * every special value. The truth is float64's Math, rounded once.
 */
const { memory, math } = openMachine();
const step = 19_997; // a prime, so that all low bits are met
const count = Math.floor(2 ** 32 / step) & ~3;
const inputs = memory.allocate(count);
const outputs = memory.allocate(count);
const exponents = memory.allocate(count);

const special = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  Number.NaN,
  1.4e-45,
  -1.4e-45,
  1.17549435e-38,
  3.4028235e38,
];

function fillInputs(): void {
  const bits = new Uint32Array(inputs.values.buffer, inputs.pointer, count);
  for (let i = 0; i < count; i++) bits[i] = i * step;
  inputs.values.set(special);
}

/** The distance between two float32 numbers, counted in float32 numbers; 0 for two NaN. */
function unitsApart(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  const scratch = new Int32Array(Float32Array.of(a, b).buffer);
  const ordered = (bits: number): number => (bits < 0 ? -2147483648 - bits : bits);
  return Math.abs(ordered(scratch[0]!) - ordered(scratch[1]!));
}

/** The largest error in units in the last place, and where it is. */
function largestError(truth: (x: number, i: number) => number): { units: number; at: number } {
  let worst = { units: 0, at: 0 };
  for (let i = 0; i < count; i++) {
    const units = unitsApart(outputs.values[i]!, Math.fround(truth(inputs.values[i]!, i)));
    if (units > worst.units) worst = { units, at: inputs.values[i]! };
  }
  return worst;
}

const run = (name: string, ...given: number[]): void =>
  (math[name] as (...given: number[]) => void)(...given);

describe('a vector function over all of float32', () => {
  beforeAll(fillInputs);

  it.each([
    ['expArray', Math.exp],
    ['logArray', Math.log],
    ['tanhOf', Math.tanh],
  ] as const)('%s is within 2 units in the last place, special values among them', (name, truth) => {
    run(name, inputs.pointer, outputs.pointer, count);
    expect(largestError(truth).units).toBeLessThanOrEqual(2);
  });

  it('tanh is odd to the last bit, and keeps the sign of 0', () => {
    run('tanhOf', inputs.pointer, outputs.pointer, count);
    const there = outputs.values.slice();
    for (let i = 0; i < count; i++) inputs.values[i] = -inputs.values[i]!;
    run('tanhOf', inputs.pointer, outputs.pointer, count);
    fillInputs();
    for (let i = 0; i < count; i++) {
      const [a, b] = [there[i]!, -outputs.values[i]!];
      if (!Object.is(a, b))
        throw new Error(`tanh(${inputs.values[i]}) = ${a}, but -tanh of its negative is ${b}`);
    }
    expect(Object.is(there[1], -0)).toBe(true);
  });

  it.each([
    ['2', () => 2],
    ['-3', () => -3],
    ['0.5', () => 0.5],
    ['0', () => 0],
    ['numbers from -40 to 40', (i: number) => (i % 801) / 10 - 40],
    ['special values', (i: number) => special[i % special.length]!],
  ])('x^y is that of Math.pow, rounded once, for y = %s', (_, exponent) => {
    for (let i = 0; i < count; i++) exponents.values[i] = exponent(i);
    run('powArray', inputs.pointer, exponents.pointer, outputs.pointer, count);
    // Float64's own error may tip a rounding.
    expect(largestError((x, i) => x ** exponents.values[i]!).units).toBeLessThanOrEqual(1);
  });
});
