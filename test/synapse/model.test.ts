import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { parseKernel } from '../../src/kernel/source';
import { complexSynapse, defineSynapse, type SynapseModel } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import type { Rule } from '../../src/synapse/rule';

const plain = plainExecutor();

/** The value that a rule leaves in `writes` for one synapse. */
function run(rule: Rule, writes: string, quantities: Record<string, number>, scalars = {}): number {
  const arrays = Object.fromEntries(
    Object.entries(quantities).map(([name, value]) => [name, Float64Array.of(value)]),
  );
  plain.run(rule, arrays, scalars);
  return arrays[writes]![0]!;
}

const contrastOf = (
  model: SynapseModel,
  variable: string,
  quantities: Record<string, number>,
  coefficient = 1,
) => run(model.contrast[variable]!, 'accumulated', { accumulated: 0, ...quantities }, { coefficient });

/** A model with each kernel as its syntax tree, without places in the text: what it computes, however it is laid out. */
const operations = (model: SynapseModel) =>
  JSON.parse(
    JSON.stringify(model, (key, value) => {
      if (key === 'source') return parseKernel(value).node;
      return ['start', 'end', 'loc', 'range', 'raw'].includes(key) ? undefined : value;
    }),
  );

const number = fc.double({ min: -10, max: 10, noNaN: true });

describe('the complex synapse', () => {
  it('pulls phi to omega with strength lambda', () => {
    fc.assert(
      fc.property(number, number, number, number, (gradient, phi, omega, lambda) => {
        const pulled = run(complexSynapse.pull, 'gradient', { gradient, phi, omega, lambda });
        // The very operations of the closed form, in float64.
        expect(pulled).toBe(gradient + lambda * (phi - omega));
      }),
    );
  });

  it('contrasts as c/2 [(b - omega)^2 - (a - omega)^2] for lambda and -c lambda (b - a) for omega', () => {
    fc.assert(
      fc.property(number, number, number, number, number, (nudged, reference, omega, lambda, coefficient) => {
        const given = { nudged, reference, omega, lambda };
        const scale = 1 + coefficient ** 2 + nudged ** 2 + reference ** 2 + omega ** 2 + lambda ** 2;
        // A few roundings of products of three numbers.
        const tolerance = 10 * 2 ** -53 * scale ** 1.5;
        const forLambda = (coefficient / 2) * ((nudged - omega) ** 2 - (reference - omega) ** 2);
        const forOmega = -coefficient * lambda * (nudged - reference);
        expect(Math.abs(contrastOf(complexSynapse, 'lambda', given, coefficient) - forLambda)).toBeLessThan(
          tolerance,
        );
        expect(Math.abs(contrastOf(complexSynapse, 'omega', given, coefficient) - forOmega)).toBeLessThan(
          tolerance,
        );
      }),
    );
  });

  it('contrasts by the factored form, which keeps the digits that a difference of squares loses', () => {
    const [reference, nudged, omega] = [1, 1 + 2 ** -40, -1 / 3];
    const exact = 2 ** -41 * (2 + 2 ** -40 + 2 / 3);
    const squares = ((nudged - omega) ** 2 - (reference - omega) ** 2) / 2;
    const contrast = contrastOf(complexSynapse, 'lambda', { reference, nudged, omega, lambda: 1 });
    // nudged - reference is exact here, so that only the roundings of one sum count.
    expect(Math.abs(contrast - exact) / exact).toBeLessThan(4 * 2 ** -53);
    expect(Math.abs(squares - exact) / exact).toBeGreaterThan(1e-6); // so this test would see the loss
  });

  it('keeps its contrast to a few roundings however close the equilibria are', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 5, max: 45 }), (reference, digits) => {
        const nudged = reference + Math.max(1, Math.abs(reference)) * 2 ** -digits;
        const omega = -reference - 3; // b + a - 2 omega does not cancel here
        const exact = 0.5 * (nudged - reference) * (nudged + reference - 2 * omega);
        const contrast = contrastOf(complexSynapse, 'lambda', { nudged, reference, omega, lambda: 1 });
        // Five roundings on the way, relative since nothing cancels but nudged - reference, which is exact.
        expect(Math.abs(contrast - exact)).toBeLessThanOrEqual(5 * 2 ** -52 * Math.abs(exact));
      }),
    );
  });

  it('adds to what was accumulated', () => {
    const given = { accumulated: 7, nudged: 3, reference: 1, omega: 0, lambda: 2 };
    expect(contrastOf(complexSynapse, 'omega', given, 0.5)).toBe(7 - 0.5 * 2 * 2);
  });

  it('has the curvature and cross derivatives of its energy', () => {
    const call = (kernel: SynapseModel['curvature'], values: Record<string, number>) =>
      kernel.call.call({ thread: { x: 0 } }, ...kernel.parameters.map((name) => [values[name]!]));
    const at = { phi: 5, omega: 2, lambda: 0.5 };
    expect(call(complexSynapse.energy, at)).toBe(2.25);
    expect(call(complexSynapse.curvature, at)).toBe(0.5);
    expect(call(complexSynapse.cross.omega!, at)).toBe(-0.5);
    expect(call(complexSynapse.cross.lambda!, at)).toBe(3);
  });

  it('is written out as it follows from its energy, operation by operation', () => {
    const { declared: meta } = complexSynapse;
    expect(operations(complexSynapse)).toEqual(
      operations(defineSynapse({ ...complexSynapse, meta, flow: null })),
    );
  });

  it('keeps lambda from falling below 0, and nothing else', () => {
    expect(complexSynapse.nonNegative).toEqual(['lambda']);
  });
});

describe('the contrast of a penalty', () => {
  const penalties: [penalty: string, form: 'factored' | 'plain'][] = [
    ['lambda * (phi - omega)^2 / 2', 'factored'],
    ['lambda * phi^2 + omega * phi', 'factored'],
    ['max(lambda, 0.1) * (phi - omega)^2 / 2', 'factored'],
    ['lambda * (phi - omega)^4 / 4', 'plain'],
    ['lambda * tanh(phi - omega)^2', 'plain'],
    ['lambda * abs(phi - omega)', 'plain'],
  ];

  it.each(penalties)('%s is, for lambda, the %s difference', (penalty, form) => {
    const { source } = defineSynapse({ fast: 'phi', meta: ['omega', 'lambda'], penalty }).contrast.lambda!
      .steps[0]!.kernel;
    expect(source.includes('(nudgedValue - referenceValue)')).toBe(form === 'factored');
  });

  it.each(penalties)('%s is dR/dtheta at the nudged phase minus dR/dtheta at the free one', (penalty) => {
    const model = defineSynapse({ fast: 'phi', meta: ['omega', 'lambda'], penalty });
    const h = 1e-6;
    const { parameters, call } = model.energy;
    const energy = (values: Record<string, number>) =>
      call.call({ thread: { x: 0 } }, ...parameters.map((name) => [values[name]!]));
    const slope = (values: Record<string, number>, name: string) =>
      (energy({ ...values, [name]: values[name]! + h }) - energy({ ...values, [name]: values[name]! - h })) /
      (2 * h);
    const small = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        small,
        small,
        small,
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        (a, b, omega, lambda) => {
          fc.pre(Math.abs(a - omega) > 1e-3 && Math.abs(b - omega) > 1e-3);
          for (const variable of model.meta) {
            const expected =
              slope({ phi: b, omega, lambda }, variable) - slope({ phi: a, omega, lambda }, variable);
            const contrast = contrastOf(model, variable, { nudged: b, reference: a, omega, lambda });
            // Central differences with h = 1e-6: truncation ~ 1e-12 x third derivatives below 1e3, rounding ~ 1e-8.
            expect(Math.abs(contrast - expected)).toBeLessThan(1e-6);
          }
        },
      ),
    );
  });

  it('is nothing for a slow variable that does not pull on phi', () => {
    const model = defineSynapse({ fast: 'phi', meta: ['lambda'], penalty: 'phi^2 + lambda^2' });
    expect(contrastOf(model, 'lambda', { nudged: 3, reference: 1, lambda: 5 })).toBe(0);
  });
});

describe('a synapse with a third slow variable', () => {
  const model = defineSynapse({
    fast: 'phi',
    meta: ['omega', 'lambda', 'rho'],
    penalty: 'lambda * (phi - omega)^2 / 2 + rho * phi^2',
    nonNegative: ['lambda', 'rho'],
  });

  it('gets a pull and a contrast of its own', () => {
    const pulled = run(model.pull, 'gradient', { gradient: 1, phi: 3, omega: 1, lambda: 2, rho: 0.5 });
    expect(pulled).toBe(1 + 2 * 2 + 2 * 0.5 * 3);
    expect(contrastOf(model, 'rho', { nudged: 3, reference: 1, omega: 0, lambda: 0, rho: 1 })).toBe(8);
    expect(model.nonNegative).toEqual(['lambda', 'rho']);
  });

  it('may name its variables as it likes', () => {
    const renamed = defineSynapse({
      fast: 'w',
      meta: ['anchor', 'stiffness'],
      penalty: 'stiffness * (w - anchor)^2',
    });
    expect(run(renamed.pull, 'gradient', { gradient: 0, w: 3, anchor: 1, stiffness: 2 })).toBe(8);
    expect(renamed.nonNegative).toEqual([]);
  });
});

describe('a synapse model is refused', () => {
  const define =
    (meta: string[], penalty = '1 * phi', fast = 'phi') =>
    () =>
      defineSynapse({ fast, meta, penalty });

  it.each([
    'nudged',
    'reference',
    'accumulated',
    'coefficient',
    'gradient',
    'middle',
    'nudgedValue',
    'referenceValue',
    'theta',
  ])('where a variable has the name %s, which rules and sessions use', (name) => {
    expect(define([name], `${name} * phi`)).toThrow(/no legal name/);
  });

  it.each(['value', 'momentum', 'firstMoment', 'secondMoment'])(
    'where a variable has the name %s, which optimisers use beside it',
    (name) => {
      expect(define([name], `${name} * phi`)).toThrow(/no legal name/);
    },
  );

  it.each(['if', 'this', 'function', 'Math', 'NaN', 'Infinity', 'eval', 'arguments', 'undefined'])(
    'where a variable has the name %s, which means something else in a kernel',
    (name) => {
      expect(define([name], `${name} * phi`)).toThrow(/no legal name/);
    },
  );

  it.each(['phi', '2x', 'a-b', '', 'a b', 'a.b'])('where a slow variable is called "%s"', (name) => {
    expect(define([name])).toThrow(InputError);
  });

  it('where a name is given twice', () => {
    expect(define(['lambda', 'lambda'])).toThrow(/each name once/);
  });

  it('where nonNegative names no slow variable', () => {
    expect(() =>
      defineSynapse({ fast: 'phi', meta: ['omega'], penalty: 'phi * omega', nonNegative: ['phi'] }),
    ).toThrow(/nonNegative names no slow variable/);
  });
});
