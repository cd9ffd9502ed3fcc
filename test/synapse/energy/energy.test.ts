import fc from 'fast-check';
import { InputError } from '../../../src/core/errors';
import { Energy } from '../../../src/synapse/energy/energy';
import { compiled } from './compiled';

const variables = ['phi', 'omega', 'lambda'];

const evaluate = (energy: Energy, names: readonly string[], point: readonly number[]): number =>
  compiled(energy, names)(point);

const penalties: readonly [name: string, penalty: string, meta: string[], kink?: (v: number[]) => number][] =
  [
    ['the complex synapse', 'lambda * (phi - omega)^2 / 2', ['omega', 'lambda']],
    [
      'an elastic net',
      'lambda * (phi - omega)^2 / 2 + mu * abs(phi)',
      ['omega', 'lambda', 'mu'],
      ([phi]) => phi!,
    ],
    [
      'a strength with a floor',
      'max(lambda, 0.1) * (phi - omega)^2 / 2',
      ['omega', 'lambda'],
      ([, , lambda]) => lambda! - 0.1,
    ],
    [
      'a third slow variable',
      'lambda * (phi - omega)^2 / 2 + rho * (phi - omega)^4 / 4',
      ['omega', 'lambda', 'rho'],
    ],
    ['tanh', 'lambda * tanh(phi - omega)^2', ['omega', 'lambda']],
    ['sqrt', 'lambda * sqrt((phi - omega)^2 + 1)', ['omega', 'lambda']],
    ['exp', 'exp(-lambda) * (phi - omega)^2', ['omega', 'lambda']],
    ['log', 'log(1 + lambda^2) * (phi - omega)^2', ['omega', 'lambda']],
    ['a power that is a variable', '((phi - omega)^2 + 1)^lambda', ['omega', 'lambda']],
    ['a quotient', '(phi - omega)^2 / (1 + lambda^2)', ['omega', 'lambda']],
    ['a cap', 'min(lambda, 1) * (phi - omega)^2', ['omega', 'lambda'], ([, , lambda]) => lambda! - 1],
  ];

describe('the partial derivatives of a penalty', () => {
  it.each(penalties.map(([name, penalty, meta, kink = () => 1]) => [name, { penalty, meta, kink }] as const))(
    'agree with central differences, first and second: %s',
    (_name, { penalty, meta, kink }) => {
      const names = ['phi', ...meta];
      const energy = Energy.parse(penalty, names);
      const force = energy.partial('phi');
      const pairs = [energy, force].flatMap((whole) =>
        names.map(
          (variable, i) => [compiled(whole, names), compiled(whole.partial(variable), names), i] as const,
        ),
      );
      const h = 1e-5;
      const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
      fc.assert(
        fc.property(fc.array(coordinate, { minLength: names.length, maxLength: names.length }), (point) => {
          fc.pre(Math.abs(kink(point)) > 2 * h);
          for (const [whole, partial, moved] of pairs) {
            const at = (shift: number) => whole(point.map((x, i) => (i === moved ? x + shift : x)));
            const difference = (at(h) - at(-h)) / (2 * h);
            // Truncation: h^2/6 times a third derivative, below 1e4 for these on [-2, 2]; rounding: 2^-53 |f| / h.
            const tolerance = 1e-6 + 1e-10 * Math.abs(at(0));
            expect(Math.abs(partial(point) - difference)).toBeLessThan(tolerance);
          }
        }),
        { numRuns: 200 },
      );
    },
  );

  it.each([
    ['abs(phi)', 'phi', [0, 0, 0], 0],
    ['lambda * abs(phi - omega)', 'omega', [2, 2, 3], 0],
    ['sign(phi) * 3', 'phi', [0, 0, 0], 0],
    ['max(lambda, 0.1)', 'lambda', [0, 0, 0.1], 0.5],
    ['min(lambda, 0.1)', 'lambda', [0, 0, 0.1], 0.5],
    ['max(phi, omega)', 'omega', [1, 1, 0], 0.5],
    ['max(phi, omega, lambda)', 'lambda', [1, 2, 3], 1],
  ])('of %s by %s at a kink are what a sign of 0 there gives', (penalty, variable, point, expected) => {
    expect(evaluate(Energy.parse(penalty, variables).partial(variable), variables, point) + 0).toBe(expected);
  });
});

describe('a penalty with min or max', () => {
  it('keeps all digits of the term that counts, however large the other one is', () => {
    const capped = Energy.parse('min(lambda, 1e20)', variables);
    expect(evaluate(capped, variables, [0, 0, 1e-3])).toBe(1e-3);
    const floored = Energy.parse('max(phi, -1e20)', variables);
    expect(evaluate(floored, variables, [1e-3, 0, 0])).toBe(1e-3);
  });
});

describe('a parsed penalty', () => {
  it('tells which variables it reads, also inside what jumps', () => {
    expect([...Energy.parse('max(lambda, 0.1) * phi^2', variables).reads].sort()).toEqual(['lambda', 'phi']);
    expect([...Energy.parse('lambda * phi', variables).partial('phi').reads]).toEqual(['lambda']);
  });

  it.each([
    ['lambda * (phi - omega)^2 / 2', 'phi', 2, true],
    ['lambda * (phi - omega)^2 / 2', 'phi', 1, false],
    ['lambda * phi^3', 'phi', 2, false],
    ['tanh(phi)', 'phi', 2, false],
    ['max(lambda, 0.1) * phi^2', 'phi', 2, true],
    ['max(phi, 0.1) * lambda', 'phi', 2, false],
    ['abs(max(phi, 1))', 'phi', 2, false],
    ['omega^2', 'phi', 0, true],
  ])('knows whether %s is a polynomial in %s of degree %i at most', (penalty, variable, degree, expected) => {
    expect(Energy.parse(penalty, variables).isPolynomial(variable, degree)).toBe(expected);
  });

  it('writes small whole powers as products, which shading languages need for negative numbers', () => {
    const energy = Energy.parse('(phi - omega)^4 + phi^5 + lambda^-3', variables);
    const { locals, texts } = Energy.write([energy], { spell: (name) => name, taken: [] });
    expect([...locals, ...texts].join()).not.toContain('Math.pow');
    expect(evaluate(energy, variables, [-2, 1, -0.5])).toBe(81 - 32 - 8);
  });

  it('computes what it uses twice once, and what two energies share', () => {
    const force = Energy.parse('tanh(phi - omega)^2', variables).partial('phi');
    const written = Energy.write([force, force.partial('phi')], { spell: (name) => name, taken: [] });
    const text = [...written.locals, ...written.texts].join();
    expect(text.match(/phi - omega/g)).toHaveLength(1);
    expect(text.match(/Math\.tanh/g)).toHaveLength(1);
  });

  it('takes no name of a variable for a local', () => {
    const energy = Energy.parse('(part1 - phi)^2', ['phi', 'part1']);
    expect(evaluate(energy, ['phi', 'part1'], [1, 4])).toBe(9);
  });
});

describe('a constant part of a penalty', () => {
  it.each([
    ['sqrt(2) * phi', Math.SQRT2],
    ['(max(1, 3) + abs(-2)) * phi', 5],
    ['exp(1) * phi', Math.E],
    ['pow(2, 0.5) * phi', Math.SQRT2],
    ['log(4) / log(2) * phi', 2],
    ['(sign(-7) + tanh(0)) * phi', -1],
    ['2^-2 * phi', 0.25],
  ])('is computed: %s', (penalty, expected) => {
    // One rounding for each of at most four operations.
    expect(evaluate(Energy.parse(penalty, variables), variables, [1, 0, 0])).toBeCloseTo(expected, 14);
  });

  it.each(['1 / 0 + phi', 'phi * sqrt(-1)', 'log(-1) * phi', 'phi * (-2)^0.5'])(
    'is refused where it is no finite number: %s',
    (penalty) => {
      expect(() => Energy.parse(penalty, variables)).toThrow(InputError);
    },
  );
});

describe('a penalty is refused', () => {
  const refusal = (penalty: string): InputError => {
    try {
      Energy.parse(penalty, variables);
    } catch (error) {
      return error as InputError;
    }
    throw new Error(`"${penalty}" was accepted`);
  };

  it.each([
    ['lamda * phi^2', 'variable', 'lamda', 'Did you mean "lambda"?'],
    ['Phi', 'variable', 'Phi', 'Did you mean "phi"?'],
    ['somethingElse * phi', 'variable', 'somethingElse', 'Add it to `meta` if it is a slow variable'],
    ['abs + phi', 'variable', 'abs', expect.any(String)],
    ['tanhh(phi)', 'function', 'tanhh', 'Did you mean "tanh"?'],
    ['sqr(phi)', 'function', 'sqr', 'Did you mean "sqrt"?'],
  ])('%s: it names the unknown %s and the nearest legal one', (penalty, kind, got, advice) => {
    const error = refusal(penalty);
    expect(error).toBeInstanceOf(InputError);
    expect(error.report).toMatchObject({ what: expect.stringContaining(`unknown ${kind}`), got, advice });
    expect(error.report.legal).toContain(kind === 'function' ? 'sqrt' : 'phi, omega, lambda');
  });

  it.each(['lambda * (', 'phi +', '2 ^', ')'])('where it cannot be parsed: %s', (penalty) => {
    const error = refusal(penalty);
    expect(error).toBeInstanceOf(InputError);
    expect(error.report).toMatchObject({ what: expect.stringContaining('cannot be read'), got: penalty });
  });

  it.each([
    'phi < 1',
    'phi ? 1 : 2',
    '[phi, 1]',
    'phi = 2',
    '"a"',
    '5!',
    'phi % 2',
    'phi; omega',
    'phi.a',
    'f(x) = x',
  ])('where it has a part that has no derivative: %s', (penalty) => {
    expect(refusal(penalty)).toBeInstanceOf(InputError);
  });

  it.each([
    ['abs(phi, 3)', 'abs', 2],
    ['log(phi, 10)', 'log', 2],
    ['exp()', 'exp', 0],
    ['pow(phi)', 'pow', 1],
    ['max(phi)', 'max', 1],
  ])('where a function has the wrong number of arguments: %s', (penalty, name, got) => {
    expect(refusal(penalty).report).toMatchObject({ what: expect.stringContaining(`gives ${name}`), got });
  });
});
