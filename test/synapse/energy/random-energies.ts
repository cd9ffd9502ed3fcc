import fc from 'fast-check';
import { applied, type HyperDual, hyperDual, plus, scaled, times } from '../../conformance/hyper-dual';

/** A number with derivatives, and the largest number met on the way: the scale of its rounding. */
interface Scaled extends HyperDual {
  readonly scale: number;
  /** How often |.|, sign, min or max was met where it has a kink, and so no second derivative that this arithmetic knows. */
  readonly kinks: number;
}

/** A random penalty: its text, and what it and its derivatives are by hyper-dual arithmetic on that text, as it stands. */
export interface RandomEnergy {
  readonly text: (names: readonly string[]) => string;
  at(point: readonly HyperDual[]): Scaled;
}

/** How many variables a random penalty has. */
export const variableCount = 3;

const largest = (n: HyperDual): number =>
  Math.max(Math.abs(n.value), Math.abs(n.first), Math.abs(n.second), Math.abs(n.mixed));

const met = (n: HyperDual, ...from: Scaled[]): Scaled => ({
  ...n,
  scale: Math.max(largest(n), ...from.map(({ scale }) => scale)),
  kinks: from.reduce((sum, { kinks }) => sum + kinks, 0),
});

/** The same, where a kink was met. */
const atKink = (n: Scaled, kink: boolean): Scaled => ({ ...n, kinks: n.kinks + Number(kink) });

/** f(a), from f and its first two derivatives at a; what it is multiplied by counts as met, since it is rounded. */
const chain = (a: Scaled, value: number, slope: number, curvature: number): Scaled => {
  const result = met(applied(a, value, slope, curvature), a);
  return { ...result, scale: Math.max(result.scale, Math.abs(slope), Math.abs(curvature)) };
};

type Unary = readonly [text: (a: string) => string, of: (a: Scaled) => Scaled];

/** x^p for a number p, at any x. */
const power = (p: number) => (a: Scaled) =>
  chain(a, a.value ** p, p * a.value ** (p - 1), p * (p - 1) * a.value ** (p - 2));

const unary: readonly Unary[] = [
  [(a) => `-${a}`, (a) => chain(a, -a.value, -1, 0)],
  [(a) => `abs${a}`, (a) => atKink(chain(a, Math.abs(a.value), Math.sign(a.value), 0), a.value === 0)],
  [(a) => `sign${a}`, (a) => atKink(chain(a, Math.sign(a.value), 0, 0), a.value === 0)],
  [(a) => `exp${a}`, (a) => chain(a, Math.exp(a.value), Math.exp(a.value), Math.exp(a.value))],
  [(a) => `log${a}`, (a) => chain(a, Math.log(a.value), 1 / a.value, -1 / a.value ** 2)],
  [
    (a) => `sqrt${a}`,
    (a) => chain(a, Math.sqrt(a.value), 0.5 / Math.sqrt(a.value), -0.25 / Math.sqrt(a.value) ** 3),
  ],
  [
    (a) => `tanh${a}`,
    (a) => {
      const [value, sech] = [Math.tanh(a.value), 1 / Math.cosh(a.value)];
      return chain(a, value, sech ** 2, -2 * value * sech ** 2);
    },
  ],
  ...([2, 3, 4, 5, 1.5, 0.5, -1, -2, -0.5, 2.5, 0, 1] as const).map(
    (p): Unary => [(a) => `${a}^(${p})`, power(p)],
  ),
  ...([2, 3, 0.5, 1 / 3] as const).map((p): Unary => [(a) => `pow(${a}, ${p})`, power(p)]),
];

type Binary = readonly [text: (a: string, b: string) => string, of: (a: Scaled, b: Scaled) => Scaled];

/** Half of each derivative where they are equal. */
const extremum = (a: Scaled, b: Scaled, ahead: number): Scaled => {
  if (Number.isNaN(ahead) && Number.isNaN(a.value + b.value)) return met(hyperDual(Number.NaN), a, b);
  if (!(ahead > 0 || ahead < 0)) return atKink(met(scaled(plus(a, b), 0.5), a, b), true);
  return met(ahead > 0 ? a : b, a, b);
};

const quotient = (a: Scaled, b: Scaled): Scaled => {
  const inverse = chain(b, 1 / b.value, -1 / b.value ** 2, 2 / b.value ** 3);
  const product = met(times(a, inverse), a, inverse);
  return { ...product, value: a.value / b.value };
};

/** a^b = exp(b log a), with the derivatives by a alone where b does not move. */
const variablePower = (a: Scaled, b: Scaled): Scaled => {
  const [x, y] = [a.value, b.value];
  if (b.first === 0 && b.second === 0 && b.mixed === 0) return met(power(y)(a), a, b);
  const value = x ** y;
  const log = value === 0 ? 0 : Math.log(x);
  const [byX, byY] = [y * x ** (y - 1), value * log];
  const [byXX, byYY] = [y * (y - 1) * x ** (y - 2), value * log * log];
  const byXY = x ** (y - 1) * (1 + y * log);
  const result = {
    value,
    first: byX * a.first + byY * b.first,
    second: byX * a.second + byY * b.second,
    mixed:
      byX * a.mixed +
      byY * b.mixed +
      byXX * a.first * a.second +
      byYY * b.first * b.second +
      byXY * (a.first * b.second + a.second * b.first),
  };
  const scale = Math.max(...[byX, byY, byXX, byYY, byXY].map(Math.abs));
  return { ...met(result, a, b), scale: Math.max(met(result, a, b).scale, scale) };
};

const binary: readonly Binary[] = [
  [(a, b) => `(${a} + ${b})`, (a, b) => met(plus(a, b), a, b)],
  [(a, b) => `(${a} - ${b})`, (a, b) => met(plus(a, scaled(b, -1)), a, b)],
  [(a, b) => `${a} * ${b}`, (a, b) => met(times(a, b), a, b)],
  [(a, b) => `(${a} / ${b})`, quotient],
  [(a, b) => `max(${a}, ${b})`, (a, b) => extremum(a, b, Math.sign(a.value - b.value))],
  [(a, b) => `min(${a}, ${b})`, (a, b) => extremum(a, b, Math.sign(b.value - a.value))],
  [(a, b) => `${a}^${b}`, variablePower],
];

const variable: fc.Arbitrary<RandomEnergy> = fc.nat(variableCount - 1).map((index) => ({
  text: (names) => names[index]!,
  at: (point) => met(point[index]!),
}));

const constant: fc.Arbitrary<RandomEnergy> = fc.constantFrom(0, 0.5, 1, 2, 3, 1e-3).map((number) => ({
  text: () => String(number),
  at: () => met(hyperDual(number)),
}));

/** Penalties over all operators and functions that a penalty may use, nested up to `depth` deep. */
export const randomEnergy = (depth: number): fc.Arbitrary<RandomEnergy> =>
  fc.letrec<{ node: RandomEnergy }>((tie) => ({
    node: fc.oneof(
      { maxDepth: depth, depthSize: 'max', withCrossShrink: true },
      { weight: 3, arbitrary: variable },
      { weight: 1, arbitrary: constant },
      {
        weight: 5,
        arbitrary: fc.tuple(fc.constantFrom(...unary), tie('node')).map(([[text, of], a]) => ({
          text: (names: readonly string[]) => `(${text(`(${a.text(names)})`)})`,
          at: (point: readonly HyperDual[]) => of(a.at(point)),
        })),
      },
      {
        weight: 5,
        arbitrary: fc
          .tuple(fc.constantFrom(...binary), tie('node'), tie('node'))
          .map(([[text, of], a, b]) => ({
            text: (names: readonly string[]) => `(${text(`(${a.text(names)})`, `(${b.text(names)})`)})`,
            at: (point: readonly HyperDual[]) => of(a.at(point), b.at(point)),
          })),
      },
    ),
  })).node;
