import { derivedRules } from '../../src/playground/experiment/derived-rules';
import { firstSettings } from '../../src/playground/experiment/settings';

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
