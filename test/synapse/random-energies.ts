import fc from 'fast-check';

/** A number with its partial derivatives, and the largest number met on the way: the scale of its rounding. */
interface Dual {
  readonly value: number;
  readonly by: readonly number[];
  readonly scale: number;
}

/** A random penalty: its text, and what it and its partial derivatives are, by forward-mode differentiation. */
export interface RandomEnergy {
  readonly text: string;
  at(point: readonly number[]): Dual;
}

export const variables = ['phi', 'omega', 'lambda'];

const dual = (value: number, by: readonly number[], ...parts: Dual[]): Dual => ({
  value,
  by,
  scale: Math.max(Math.abs(value), ...by.map(Math.abs), ...parts.map(({ scale }) => scale)),
});

/** f(a), whose slope there is `slope`. */
const chain = (a: Dual, value: number, slope: number): Dual =>
  dual(
    value,
    a.by.map((d) => slope * d),
    a,
  );

const leaf: fc.Arbitrary<RandomEnergy> = fc.oneof(
  fc.constantFrom(0, 1, 2).map((index) => ({
    text: variables[index]!,
    at: (point: readonly number[]) =>
      dual(
        point[index]!,
        variables.map((_, i) => (i === index ? 1 : 0)),
      ),
  })),
  fc
    .constantFrom(0, 0.5, 2, 3, 1e-3)
    .map((number) => ({ text: String(number), at: () => dual(number, [0, 0, 0]) })),
);

type Unary = (a: Dual) => Dual;
const unary: Record<string, [text: (a: string) => string, of: Unary]> = {
  minus: [(a) => `-(${a})`, (a) => chain(a, -a.value, -1)],
  square: [(a) => `(${a})^2`, (a) => chain(a, a.value ** 2, 2 * a.value)],
  cube: [(a) => `pow(${a}, 3)`, (a) => chain(a, a.value ** 3, 3 * a.value ** 2)],
  abs: [(a) => `abs(${a})`, (a) => chain(a, Math.abs(a.value), Math.sign(a.value))],
  sign: [(a) => `sign(${a})`, (a) => chain(a, Math.sign(a.value), 0)],
  tanh: [(a) => `tanh(${a})`, (a) => chain(a, Math.tanh(a.value), 1 / Math.cosh(a.value) ** 2)],
  bell: [
    (a) => `exp(-(${a})^2)`,
    (a) => chain(a, Math.exp(-(a.value ** 2)), -2 * a.value * Math.exp(-(a.value ** 2))),
  ],
  root: [
    (a) => `sqrt((${a})^2 + 1)`,
    (a) => chain(a, Math.sqrt(a.value ** 2 + 1), a.value / Math.sqrt(a.value ** 2 + 1)),
  ],
  log: [
    (a) => `log(1 + (${a})^2)`,
    (a) => chain(a, Math.log(1 + a.value ** 2), (2 * a.value) / (1 + a.value ** 2)),
  ],
};

const binary: Record<string, [text: (a: string, b: string) => string, of: (a: Dual, b: Dual) => Dual]> = {
  sum: [
    (a, b) => `(${a} + ${b})`,
    (a, b) =>
      dual(
        a.value + b.value,
        a.by.map((d, i) => d + b.by[i]!),
        a,
        b,
      ),
  ],
  difference: [
    (a, b) => `(${a} - (${b}))`,
    (a, b) =>
      dual(
        a.value - b.value,
        a.by.map((d, i) => d - b.by[i]!),
        a,
        b,
      ),
  ],
  product: [
    (a, b) => `(${a}) * (${b})`,
    (a, b) =>
      dual(
        a.value * b.value,
        a.by.map((d, i) => d * b.value + a.value * b.by[i]!),
        a,
        b,
      ),
  ],
  maximum: [(a, b) => `max(${a}, ${b})`, (a, b) => extremum(a, b, Math.sign(a.value - b.value))],
  minimum: [(a, b) => `min(${a}, ${b})`, (a, b) => extremum(a, b, Math.sign(b.value - a.value))],
};

/** Half of each derivative at a tie. */
function extremum(a: Dual, b: Dual, ahead: number): Dual {
  const [ofA, ofB] = [(1 + ahead) / 2, (1 - ahead) / 2];
  return dual(
    ahead > 0 ? a.value : b.value,
    a.by.map((d, i) => ofA * d + ofB * b.by[i]!),
    a,
    b,
  );
}

/** Penalties of up to four levels, over all operators and functions that a penalty may use. */
export const randomEnergy: fc.Arbitrary<RandomEnergy> = fc.letrec<{ node: RandomEnergy }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(fc.constantFrom(...Object.keys(unary)), tie('node')).map(([name, a]) => {
      const [text, of] = unary[name]!;
      return { text: text(a.text), at: (point: readonly number[]) => of(a.at(point)) };
    }),
    fc.tuple(fc.constantFrom(...Object.keys(binary)), tie('node'), tie('node')).map(([name, a, b]) => {
      const [text, of] = binary[name]!;
      return { text: text(a.text, b.text), at: (point: readonly number[]) => of(a.at(point), b.at(point)) };
    }),
  ),
})).node;
