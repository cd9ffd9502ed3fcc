import type { Engine, InnerStep } from '../../../src/engine/engine';
import { dense } from '../../../src/network/layers/dense';
import { mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';
import { defineRule, type Rule } from '../../../src/synapse/rule';
import type { RuleExecutor } from '../../../src/synapse/rule-executor';

const sizes = [
  ...[
    Infinity,
    3.4028234663852886e38,
    1e30,
    1e10,
    4294967296,
    4294967040,
    2147483648,
    2147483520,
    16777217,
    16777216,
    8388607.5,
    65537,
    65535.5,
    255,
    33,
    31,
    123.456,
    88.8,
    20,
    10,
    3,
    2.5,
    2,
    1.5,
    1,
  ],
  ...[
    0.99999994, 0.7, 0.5, 0.49999997, 0.1, 1e-3, 1e-7, 1e-20, 1.1754943508222875e-38, 1e-40,
    1.401298464324817e-45, 0,
  ],
].map(Math.fround);
const numbers = [Number.NaN, ...sizes, ...sizes.map((size) => -size)];

/** Every pair of them: what `a` and `b` are, synapse by synapse. */
const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const));

/** Everything that the dialect has, by text; `b` may be left out. Its constants are numbers that float32 holds. */
export const expressions = [
  ...[
    'a',
    '+a',
    '-a',
    'Math.abs(a)',
    'Math.exp(a)',
    'Math.log(a)',
    'Math.sqrt(a)',
    'Math.tanh(a)',
    'Math.sign(a)',
    'Math.floor(a)',
    'Math.ceil(a)',
    'Math.round(a)',
    'Math.trunc(a)',
  ],
  ...[
    'Math.pow(a, b)',
    'a ** b',
    'Math.min(a, b)',
    'Math.max(a, b)',
    'Math.min(a, b, 1)',
    'Math.max(a, 0, b)',
  ],
  ...['a & b', 'a | b', 'a ^ b', 'a << b', 'a >> b', '~a', 'a & 255', 'a >> 2', 'a << 3', 'a ^ -1'],
  ...['a + b', 'a - b', 'a * b', 'a / b', 'a % b', 'a - a', 'a / a'],
  ...['<', '<=', '>', '>=', '==', '!=', '===', '!=='].map((operator) => `a ${operator} b ? 1 : 0`),
  ...['a ? 1 : 0', '!a ? 1 : 0', 'a && b ? 1 : 0', 'a || b ? 1 : 0', '!(a && !b) ? 1 : 0', 'a > 0 ? a : b'],
  ...['a > 0 === b > 0 ? 1 : 0', 'a > 0 !== b > 0 ? 1 : 0', '(a > 0 ? b > 0 : b < 0) ? a : b'],
  ...[
    'a * 0',
    'a * -0',
    'a * Infinity',
    'a * 3.4028234663852886e38',
    'a + 0 / 0',
    'a + 16777216',
    'a * 123456792',
    'a / 3',
  ],
  ...[
    'Math.pow(a, 3)',
    'Math.pow(a, -2)',
    'Math.pow(a, 0.5)',
    'Math.pow(a, 3 / 8)',
    '2 ** a',
    'a * (Math.PI > Math.E ? 1 : 2)',
  ],
] as const;

/** Branches, locals, assignments, a loop, a helper: what is neither an expression nor in one. */
const branching = `function branching(a, b) {
  const i = this.thread.x;
  const larger = (x, y) => { const isLess = x < y; return isLess ? y : x; };
  let sum = 0;
  const rising = a[this.thread.x] < b[this.thread.x];
  if (rising) { sum = a[this.thread.x]; sum++; } else if (b[this.thread.x]) { sum -= 3; } else return b[this.thread.x];
  let other = !rising;
  if (sum > 1) other = rising;
  for (let k = 3; k >= 1; k--) {
    if (larger(a[i], sum) > k) sum -= larger(sum, k) / k;
  }
  return other ? sum : -sum;
}`;

const inKernel = (expression: string): string => {
  const parameters = ['a', 'b'].filter((name) => new RegExp(`\\b${name}\\b`).test(expression));
  return `function grid(${parameters}) { return ${expression.replace(/\b([ab])\b/g, '$1[this.thread.x]')}; }`;
};

/** Each expression writes a quantity of its own, by its place in the list; the last one is the branch. */
export const gridRule: Rule = defineRule('grid', {
  ...Object.fromEntries(expressions.map((text, i) => [`result${i}`, inKernel(text)])),
  branch: branching,
});
const named = [...expressions, 'branches'];

/** What each expression gives, pair by pair. */
export type GridAnswers = Readonly<Record<string, readonly number[]>>;

export const quantities = (): Record<string, Float64Array> => ({
  a: Float64Array.from(pairs, ([a]) => a),
  b: Float64Array.from(pairs, ([, b]) => b),
  ...Object.fromEntries(gridRule.writes.map((name) => [name, new Float64Array(pairs.length)])),
});

export const answersFrom = (results: Readonly<Record<string, Float64Array>>): GridAnswers =>
  Object.fromEntries(named.map((name, i) => [name, Array.from(results[gridRule.writes[i]!]!, Math.fround)]));

export function answersOfExecutor(executor: RuleExecutor): GridAnswers {
  const all = quantities();
  executor.run(gridRule, all);
  return answersFrom(all);
}

/** The same as an inner rule of an engine, in one step of a network with a synapse a pair. */
export async function answersOfEngine(engine: Engine): Promise<GridAnswers> {
  const { length } = pairs;
  const layers = [dense(1, length, { bias: false })];
  const session = await engine.open(
    defineNetwork({ input: [1], layers, loss: mse, synapse: complexSynapse }),
  );
  const all = quantities();
  for (const name of ['a', 'b']) await session.write(name, all[name]!);
  const inner: InnerStep = { rule: gridRule, buffers: Object.keys(all), scalarsAt: () => ({}) };
  const train = {
    samples: 1,
    inputs: 1,
    x: Float64Array.of(0),
    targets: length,
    y: new Float64Array(length),
  };
  await session.settle({ inner, train, replay: null, beta: 0, steps: 1, stepsTaken: 0, tolerance: 0 });
  for (const name of gridRule.writes) all[name] = await session.read(name);
  await session.close();
  return answersFrom(all);
}

/** How far what a device gives may be from the plain call in float64, rounded to float32. */
export interface Exactness {
  /** In units in the last place. */
  ulps(expression: string, a: number, b: number): number;
  /** Whether subnormal numbers count as what they are; if not they may count as 0, as arguments and as results. */
  readonly subnormals: boolean;
  /** Whether a zero has its sign. */
  readonly zeroSigns: boolean;
}

export interface Judgement {
  /** The largest error in units in the last place, of those that were to be judged. */
  readonly worst: number;
  /** Where it is further off than it may. */
  readonly wrong: readonly string[];
}

/** Judges what a device gave for each expression. */
export function judge(answers: GridAnswers, exactness: Exactness): Record<string, Judgement> {
  return Object.fromEntries(
    gridRule.steps.map(({ kernel }, i) => {
      const name = named[i]!;
      const plain = (a: number, b: number): number =>
        Math.fround(
          kernel.call.apply(
            { thread: { x: 0 } },
            kernel.parameters.map((of) => (of === 'a' ? [a] : [b])),
          ),
        );
      let worst = 0;
      const wrong: string[] = [];
      pairs.forEach(([a, b], pair) => {
        if (!kernel.parameters.includes('b') && !Number.isNaN(b)) return; // the same again
        const got = answers[name]![pair]!;
        const errors = readings(a, exactness).flatMap((x) =>
          readings(b, exactness).map((y) => errorOf(got, plain(x, y), exactness)),
        );
        const error = Math.min(...errors);
        if (error > exactness.ulps(name, a, b)) wrong.push(`a = ${a}, b = ${b}: ${got} for ${plain(a, b)}`);
        else worst = Math.max(worst, error);
      });
      return [name, { worst, wrong }];
    }),
  );
}

const smallest = 2 ** -126;

/** What a device may take a number for. */
function readings(x: number, { subnormals, zeroSigns }: Exactness): number[] {
  const zeros = zeroSigns ? [Math.sign(x) * 0] : [0, -0];
  if (x === 0) return zeroSigns ? [x] : zeros;
  return !subnormals && Math.abs(x) < smallest ? [x, ...zeros] : [x];
}

/** In units in the last place; infinite where the two are not alike. */
function errorOf(got: number, truth: number, { zeroSigns, subnormals }: Exactness): number {
  if (Object.is(got, truth)) return 0;
  if (got === truth) return zeroSigns ? Infinity : 0;
  if (!Number.isFinite(got) || !Number.isFinite(truth)) return Infinity;
  // The smallest normal number may be one that was rounded up to it.
  if (!subnormals && Math.abs(got) < smallest && Math.abs(truth) <= smallest) return 0;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(truth))), -126) - 23);
  return Math.abs(got - truth) / unit;
}
