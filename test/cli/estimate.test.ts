import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-estimate-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const settling = { optimizer: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, steps: 3000 };
/** One weight and one bias that shall give 1 for the input 1, and -0.5 for the held-out input 2. */
const tiny = {
  model: { layers: [{ type: 'dense', inputs: 1, outputs: 1 }] },
  loss: 'mse',
  train: { x: [[1]], y: [[1]] },
  validation: { x: [[2]], y: [[-0.5]] },
  phi: [0.3, -0.2],
  omega: [0.1, -0.4],
  lambda: [0.5, 0.8],
  free: settling,
  nudged: settling,
};
const classes = {
  ...tiny,
  model: {
    layers: [
      { type: 'dense', inputs: 2, outputs: 3, activation: 'tanh' },
      { type: 'dense', inputs: 3, outputs: 2 },
    ],
  },
  loss: 'cross-entropy',
  train: {
    x: [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    y: [0, 1, 1],
  },
  validation: {
    x: [
      [0.5, 0],
      [0, 0.5],
    ],
    y: [0, 1],
  },
  phi: Array.from({ length: 17 }, (_, i) => Math.sin(i + 1) / 2),
  omega: Array.from({ length: 17 }, () => 0.05),
  lambda: Array.from({ length: 17 }, (_, i) => 0.2 + i / 50),
};

let written = 0;
function file(problem: unknown): string {
  const name = path.join(home, `${written++}.json`);
  fs.writeFileSync(name, typeof problem === 'string' ? problem : JSON.stringify(problem));
  return name;
}
const estimate = (problem: unknown, ...flags: string[]) => command('estimate', file(problem), ...flags);

interface Printed {
  metaGradient: { omega: number[]; lambda: number[] };
  exact: { omega: number[]; lambda: number[] } | null;
  exactRefused: string | null;
  relativeError: { omega: number; lambda: number } | null;
  residual: { free: number; nudged: number[] };
}
async function printed(problem: unknown, ...flags: string[]): Promise<Printed> {
  const { status, out, err } = await estimate(problem, '--json', ...flags);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out);
}

type Pair = [number, number];
/** Where the tiny problem settles, solved as two linear equations. */
function settled(beta: number, { omega, lambda } = tiny): Pair {
  // H phi = b for (w + b - 1)^2 + beta (2w + b + 0.5)^2 + the pull to omega.
  const [a, b, d] = [2 + 8 * beta + lambda[0]!, 2 + 4 * beta, 2 + 2 * beta + lambda[1]!];
  const [p, q] = [2 - 2 * beta + lambda[0]! * omega[0]!, 2 - beta + lambda[1]! * omega[1]!];
  return [(d * p - b * q) / (a * d - b * b), (a * q - b * p) / (a * d - b * b)];
}
const heldOutLoss = ([w, b]: Pair) => (2 * w + b + 0.5) ** 2;
/** dR/domega and dR/dlambda of both synapses at phi. */
const partial = (phi: Pair, variable: 'omega' | 'lambda') =>
  phi.map((value, i) =>
    variable === 'omega' ? -tiny.lambda[i]! * (value - tiny.omega[i]!) : (value - tiny.omega[i]!) ** 2 / 2,
  );
/** The derivative of the held-out loss at the free equilibrium, by central differences. */
function exactByDifferences(variable: 'omega' | 'lambda'): number[] {
  return [0, 1].map((i) => {
    const at = (shift: number) => {
      const moved = structuredClone(tiny);
      moved[variable][i]! += shift;
      return heldOutLoss(settled(0, moved));
    };
    return (at(1e-5) - at(-1e-5)) / 2e-5;
  });
}

function expectClose(actual: readonly number[], expected: readonly number[], digits: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, digits);
  });
}

describe('estimate', () => {
  test('takes a file that begins with a byte-order mark as if it did not', async () => {
    const [plain, marked] = ['plain', 'marked'].map((name) => path.join(home, `${name}.json`));
    fs.writeFileSync(plain!, JSON.stringify(tiny));
    fs.writeFileSync(marked!, `\uFEFF${JSON.stringify(tiny)}`);
    expect(await command('estimate', marked!)).toEqual(await command('estimate', plain!));
    expect((await command('estimate', marked!)).status).toBe(0);
  });

  test('prints every field that is promised, and nothing else on stdout', async () => {
    const { out } = await estimate(
      tiny,
      '--estimator',
      'symmetric',
      '--beta',
      '0.1',
      '--engine',
      'reference',
      '--json',
    );
    expect(JSON.parse(out)).toEqual({
      estimator: 'symmetric',
      beta: 0.1,
      engine: 'reference',
      metaGradient: {
        omega: [expect.any(Number), expect.any(Number)],
        lambda: [expect.any(Number), expect.any(Number)],
      },
      exact: {
        omega: [expect.any(Number), expect.any(Number)],
        lambda: [expect.any(Number), expect.any(Number)],
      },
      exactRefused: null,
      relativeError: { omega: expect.any(Number), lambda: expect.any(Number) },
      residual: { free: expect.any(Number), nudged: [expect.any(Number), expect.any(Number)] },
      warnings: [],
    });
  });

  test.each<[string, [beta: number, coefficient: number][]]>([
    [
      'forward',
      [
        [0, -1],
        [1, 1],
      ],
    ],
    [
      'symmetric',
      [
        [-1, -0.5],
        [1, 0.5],
      ],
    ],
    [
      'p3',
      [
        [0, -3 / 2],
        [1, 2],
        [2, -1 / 2],
      ],
    ],
    [
      'p4',
      [
        [0, -11 / 6],
        [1, 3],
        [2, -3 / 2],
        [3, 1 / 3],
      ],
    ],
  ])('by %s is what the equations give for two synapses that are solved by hand', async (name, terms) => {
    const beta = 0.05;
    const { metaGradient } = await printed(tiny, '--estimator', name, '--beta', String(beta));
    for (const variable of ['omega', 'lambda'] as const) {
      const ends = terms.map(([multiple]) => partial(settled(multiple * beta), variable));
      const byHand = [0, 1].map((i) =>
        terms.reduce((sum, [, coefficient], t) => sum + (coefficient / beta) * ends[t]![i]!, 0),
      );
      expectClose(metaGradient[variable], byHand, 10);
    }
  });

  test('tells the exact meta-gradient, which is the derivative of the held-out loss, and the error against it', async () => {
    const { exact, metaGradient, relativeError } = await printed(tiny, '--beta', '0.01');
    for (const variable of ['omega', 'lambda'] as const) {
      const byDifferences = exactByDifferences(variable);
      expectClose(exact![variable], byDifferences, 8);
      const off = metaGradient[variable].map((value, i) => value - byDifferences[i]!);
      expect(relativeError![variable]).toBeCloseTo(Math.hypot(...off) / Math.hypot(...byDifferences), 6);
      expect(relativeError![variable]).toBeLessThan(0.1);
    }
  });

  test('tells the residuals of all phases, the norm of the augmented loss’s gradient', async () => {
    const short = { ...settling, learningRate: 1e-9, momentum: 0, steps: 1 };
    const { out, err } = await estimate({ ...tiny, free: short, nudged: short }, '--json', '--beta', '0.5');
    const { residual, warnings } = JSON.parse(out);
    const [w, b] = tiny.phi as Pair;
    const inner = [2 * (w + b - 1) + 0.5 * (w - 0.1), 2 * (w + b - 1) + 0.8 * (b + 0.4)] as const;
    const outer = [4 * (2 * w + b + 0.5), 2 * (2 * w + b + 0.5)] as const;
    expect(residual.free).toBeCloseTo(Math.hypot(...inner), 6);
    expectClose(residual.nudged, [Math.hypot(inner[0] + outer[0] / 2, inner[1] + outer[1] / 2)], 6);
    expect(warnings).toHaveLength(2);
    expect(err).toMatch(
      /warning: the free phase \(beta = 0\) has not converged: residual 2\.36e\+0 after 1 step\n/,
    );
  });

  test('takes a classifier with a hidden layer, and converges to the exact gradient as beta shrinks', async () => {
    const errors = [];
    for (const beta of ['0.4', '0.04']) errors.push((await printed(classes, '--beta', beta)).relativeError!);
    expect(errors[0]!.lambda / errors[1]!.lambda).toBeGreaterThan(5);
    expect(errors[1]!.lambda).toBeLessThan(0.05);
    expect(errors[1]!.omega).toBeLessThan(0.05);
  });

  test('tells people the errors and residuals, without --json', async () => {
    const { status, out, err } = await estimate(tiny);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^forward estimate at beta = 0\.1 on engine reference, 2 synapses\n/);
    expect(out).toMatch(/relative error, lambda: +\d\.\d{3}e-\d\n/);
  });

  test('gives no exact gradient where the Hessian is singular, and says why, with status 0', async () => {
    const { status, out, err } = await estimate({ ...tiny, lambda: [0, 0] }, '--json');
    expect(status).toBe(0);
    const result: Printed = JSON.parse(out);
    expect(result).toMatchObject({ exact: null, relativeError: null });
    expect(result.exactRefused).toMatch(/no strict minimum: .* Hessian is singular .* Raise lambda/);
    expect(result.metaGradient.omega).toHaveLength(2);
    expect(err).toContain(`warning: no exact gradient. ${result.exactRefused}\n`);
  });

  test('gives no exact gradient where the network is too large for a full Hessian, and says why', async () => {
    const size = 60 * 60 + 60 + 61;
    const wide = {
      ...tiny,
      model: {
        layers: [
          { type: 'dense', inputs: 60, outputs: 60 },
          { type: 'dense', inputs: 60, outputs: 1 },
        ],
      },
      train: { x: [Array(60).fill(1)], y: [[1]] },
      validation: { x: [Array(60).fill(1)], y: [[1]] },
      ...{ phi: Array(size).fill(0), omega: Array(size).fill(0), lambda: Array(size).fill(1) },
      free: { ...settling, steps: 2 },
      nudged: { ...settling, steps: 2 },
    };
    const { status, out } = await estimate(wide, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ exact: null, exactRefused: expect.stringMatching(/too large/) });
  });

  test.each<[string, object, string[], RegExp]>([
    [
      'in the free phase',
      { free: { ...settling, learningRate: 5 } },
      [],
      /task "estimate", free phase \(beta = 0\), at step \d+: .*Try a learning rate of 0\.1 \(it was 5\): the steepest curvature is 4\.7, where rates below 0\.29 are stable\./,
    ],
    [
      'in a nudged phase',
      { nudged: { ...settling, learningRate: 5 } },
      [],
      /task "estimate", nudged phase \(beta = 0\.1\), at step \d+: .*Try a learning rate/,
    ],
    [
      'by a negative nudge',
      { nudged: { ...settling, learningRate: 0.02 } },
      ['--estimator', 'symmetric', '--beta', '1'],
      /nudged phase \(beta = -1\), at step \d+: .*try beta = -0\.1, or a forward/,
    ],
  ])(
    'that diverges %s exits 1 with task, phase, beta, step and advice',
    async (_, change, flags, message) => {
      const { status, out, err } = await estimate({ ...tiny, ...change }, '--json', ...flags);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(message);
      expect(err).not.toMatch(/\n +at /);
    },
  );
});

describe('estimate refuses with status 2 and one clear line', () => {
  const without = (key: keyof typeof tiny) => ({ ...tiny, [key]: undefined });
  const json = JSON.stringify(tiny);
  test.each<[string, unknown, RegExp]>([
    [
      'an unknown key, naming the nearest',
      { ...tiny, omga: [0, 0] },
      /no setting "omga".*Did you mean "omega"\?/,
    ],
    [
      'an unknown key of a phase',
      { ...tiny, free: { ...settling, step: 3 } },
      /no setting "free\.step".*Did you mean "steps"\?/,
    ],
    ['a missing key', without('validation'), /validation in .* is missing/],
    ['NaN', json.replace('0.3', 'NaN'), /is no JSON: .*Got "NaN".*numbers are finite/],
    ['Infinity', json.replace('0.3', '-Infinity'), /is no JSON: .*Got "-?Infinity"/],
    ['a number that overflows', json.replace('0.3', '1e999'), /phi\[0\] in .*Got Infinity/],
    ['a text that is no JSON', '{', /is no JSON/],
    ['a negative lambda', { ...tiny, lambda: [0.5, -0.1] }, /lambda\[1\] in .*Got -0\.1.*at least 0/],
    [
      'a phi of the wrong length',
      { ...tiny, phi: [1] },
      /phi in .* has the wrong length\. Got 1\. Legal: 2 numbers/,
    ],
    [
      'an omega of the wrong length',
      { ...tiny, omega: [1, 2, 3] },
      /omega in .* has the wrong length\. Got 3/,
    ],
    [
      'targets of the wrong number',
      { ...tiny, train: { x: [[1], [2]], y: [[1]] } },
      /train\.y has the wrong length\. Got 1/,
    ],
    [
      'a ragged sample',
      { ...tiny, train: { x: [[1], [2, 3]], y: [[1], [1]] } },
      /train\.x\[1\] has the wrong length\. Got 2/,
    ],
    [
      'samples that the network does not take',
      { ...tiny, train: { x: [[1, 2]], y: [[1]] }, validation: { x: [[1, 2]], y: [[1]] } },
      /training set|inputs/,
    ],
    [
      'layers that do not fit',
      { ...classes, model: { layers: [classes.model.layers[0], tiny.model.layers[0]] } },
      /[Ll]ayer|dense/,
    ],
    ['a class that does not exist', { ...classes, train: { ...classes.train, y: [0, 2, 1] } }, /train.*2/],
    [
      'a class that is no whole number',
      { ...classes, validation: { ...classes.validation, y: [0, 0.5] } },
      /0\.5/,
    ],
    ['a negative class', { ...classes, validation: { ...classes.validation, y: [0, -1] } }, /-1/],
    [
      'class targets as rows',
      { ...classes, train: { ...classes.train, y: [[0], [1], [1]] } },
      /train\.y must hold one class index a sample/,
    ],
    ['no samples', { ...tiny, train: { x: [], y: [] } }, /train\.x/],
    [
      'a learning rate of 0',
      { ...tiny, free: { ...settling, learningRate: 0 } },
      /free\.learningRate in .*Got 0.*more than 0/,
    ],
    ['a momentum of 1', { ...tiny, free: { ...settling, momentum: 1 } }, /free\.momentum in .*less than 1/],
    [
      'steps that are no whole number',
      { ...tiny, free: { ...settling, steps: 1.5 } },
      /free\.steps in .*Got 1\.5/,
    ],
    ['an unknown loss', { ...tiny, loss: 'mae' }, /loss in .*mse, cross-entropy/],
    [
      'an unknown layer',
      { ...tiny, model: { layers: [{ type: 'conv', inputs: 1, outputs: 1 }] } },
      /model\.layers\[0\]\.type in .*Legal: dense, conv2d, batch-norm, max-pool, relu, tanh, flatten/,
    ],
    ['a list', [], /0\.json|\.json/],
  ])('%s', async (_, problem, message) => {
    const { status, out, err } = await estimate(problem, '--json');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/^metaplast: [^\n]*\n$/);
  });

  test.each<[string[], RegExp]>([
    [['--beta', '0'], /nudging strength of 0.*Got 0.*Try 0\.1/],
    [['--beta', 'x'], /argument 'x' is invalid\. Legal: a finite number/],
    [['--beta', 'Infinity'], /argument 'Infinity' is invalid/],
    [['--estimator', 'p1'], /Got 1\. Legal: p = 2, 3/],
    [['--estimator', 'backward'], /no such estimator\. Got "backward"\. Legal: forward, symmetric/],
    [['--engine', 'refrence'], /no such engine\. Got "refrence".*Did you mean "reference"\?/],
    [['--jsn'], /unknown option '--jsn'\n.*--json/],
  ])('the flags %j', async (flags, message) => {
    const { status, out, err } = await estimate(tiny, ...flags);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n +at /);
  });

  test('a file that does not exist, and one that cannot be read', async () => {
    for (const name of [path.join(home, 'none.json'), home]) {
      const { status, err } = await command('estimate', name);
      expect(status).toBe(2);
      expect(err).toMatch(/^metaplast: The problem file cannot be read: [^\n]*\n$/);
    }
  });
});
