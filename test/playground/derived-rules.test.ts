import { evaluate } from 'mathjs';
import { defineKernel } from '../../src/kernel/kernel';
import { derivedRules } from '../../src/playground/experiment/derived-rules';
import { firstSettings } from '../../src/playground/experiment/settings';
import { callKernel } from '../../src/synapse/plain-executor';

const { slow } = firstSettings;

describe('the rules that follow from a penalty', () => {
  it('are those of the complex synapse, as formulas', () => {
    const { partials, contrasts } = derivedRules(firstSettings);
    expect(
      Object.fromEntries(partials.map(({ variable, words, where }) => [variable, [words, ...where]])),
    ).toEqual({
      phi: ['lambda * (phi - omega)'],
      omega: ['-(lambda * (phi - omega))'],
      lambda: ['(part1 * part1) / 2', 'part1 = phi - omega'],
    });
    expect(contrasts).toEqual([
      { variable: 'omega', words: '(phi_beta - phi_0) * (-lambda)', where: [] },
      {
        variable: 'lambda',
        words: '(phi_beta - phi_0) * (middle - omega)',
        where: ['middle = (phi_beta + phi_0) / 2'],
      },
    ]);
  });

  it('are written without what guards a product, and are what runs', () => {
    const { partials, contrasts, kernels } = derivedRules({
      slow,
      penalty: 'lambda * log(1 + (phi - omega)^2)',
    });
    const text = [...partials, ...contrasts].flatMap(({ words, where }) => [words, ...where]).join('\n');
    expect(text).not.toMatch(/===|Math|\?/);
    expect(text).toContain('log(');
    expect(kernels.map(({ name }) => name)).toEqual([
      ...['pull on phi', 'contrast of omega', 'contrast of lambda', 'curvature in phi'],
    ]);
    expect(kernels[2]!.source).toMatch(/^function contrast\(nudged, reference, .*coefficient\) \{/);
  });

  it.each([
    'lambda * (phi - omega)^2 / 2',
    'lambda * (phi - omega)^4 / 4 + omega^2 * phi^2',
    'lambda * sqrt(1 + (phi - omega)^2)',
    'lambda * log(1 + exp(phi - omega)) + tanh(omega * phi)',
    'omega * phi / (1 + lambda) + abs(phi) * lambda',
  ])('come, as they are shown, to what the kernels come to: %s', (penalty) => {
    const numbers = { phi_beta: 0.7, phi_0: -0.4, omega: 0.3, lambda: 1.1 };
    const { contrasts, kernels } = derivedRules({ slow, penalty });
    for (const { variable, words, where } of contrasts) {
      const scope: Record<string, number> = { ...numbers };
      for (const line of where) evaluate(line, scope);
      const kernel = defineKernel(kernels.find(({ name }) => name === `contrast of ${variable}`)!.source);
      const given: Record<string, number> = { ...numbers, nudged: 0.7, reference: -0.4, accumulated: 0 };
      const arrays = Object.fromEntries(kernel.arrays.map((name) => [name, Float64Array.of(given[name]!)]));
      const out = new Float64Array(1);
      callKernel(kernel, arrays, { coefficient: 1 }, out);
      expect(evaluate(words, scope)).toBeCloseTo(out[0]!, 10);
    }
  });

  it('of a variable that phi has nothing to do with is 0', () => {
    const added = [...slow, { name: 'kappa', initial: 1, anchor: false, nonNegative: false }];
    const { contrasts } = derivedRules({ slow: added, penalty: `${firstSettings.penalty} + kappa^2` });
    expect(contrasts[2]).toEqual({ variable: 'kappa', words: '0', where: [] });
  });

  it.each([
    ['lambda * (phi - omega', 'at character 22'],
    ['lambda * psi', 'unknown variable. Got "psi"'],
    ['gamma(phi)', 'unknown function'],
  ])('names what is wrong in %s', (penalty, words) => {
    expect(() => derivedRules({ slow, penalty })).toThrow(words);
  });

  it('need a name of its own for each variable', () => {
    expect(() => derivedRules({ slow: [slow[0]!, slow[0]!], penalty: 'phi^2' })).toThrow(
      'Two slow variables have the same name. Got "omega"',
    );
  });
});
