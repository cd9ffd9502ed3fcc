import { formulaOf } from '../../kernel/formula';
import { formulaText } from '../../kernel/formula-text';
import type { Kernel } from '../../kernel/kernel';
import { Energy } from '../../synapse/energy/energy';
import type { DerivedRules } from './outcome';
import { derivedSynapse } from './problem';
import type { Settings } from './settings';

/** As people write it: without `Math.`, and without what guards a product against 0 times infinity. */
const plainly = (text: string): string =>
  text.replaceAll('Math.', '').replace(/\((\w+) === 0 \|\| (\w+) === 0 \? 0 : \1 \* \2\)/g, '($1 * $2)');

/** Without the brackets around all of it. */
function unwrapped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}

/** What a contrast adds for a pair of phases, without its coefficient: read from the kernel that runs. */
function contrastInWords({ source }: Kernel): { readonly words: string; readonly where: readonly string[] } {
  const plain = plainly(source.replaceAll('[this.thread.x]', ''))
    .replaceAll('nudgedValue', 'phi_beta')
    .replaceAll('referenceValue', 'phi_0');
  const returned = /return accumulated \+ coefficient \* (.+);/.exec(plain);
  if (returned === null) return otherwise(source);
  const where = [...plain.matchAll(/const ((?:middle|part\w*) = .+);/g)].map((found) => found[1]!);
  return { words: unwrapped(returned[1]!), where };
}

/** Of a contrast of another form: 0 where nothing is added, and else the whole of what the kernel returns. */
function otherwise(source: string): ReturnType<typeof contrastInWords> {
  const formula = formulaOf(source);
  if (formula === null) return { words: 'longer than can be read here; below as it runs', where: [] };
  const words = formulaText(formula);
  return { words: words === 'accumulated' ? '0' : words, where: [] };
}

/**
 * What the library derives from the penalty of the settings.
 * @throws InputError where it cannot be read, with the place in its text, or a name is not legal.
 */
export function derivedRules(settings: Pick<Settings, 'penalty' | 'slow'>): DerivedRules {
  const { pull, contrast, curvature } = derivedSynapse(settings);
  const variables = ['phi', ...settings.slow.map(({ name }) => name)];
  const energy = Energy.parse(settings.penalty, variables);
  const partials = variables.map((variable) => {
    const { locals, texts } = Energy.write([energy.partial(variable)], {
      spell: (name) => name,
      taken: variables,
    });
    const where = locals.map((line) => plainly(line.replace(/^const /, '').replace(/;$/, '')));
    return {
      variable,
      words: unwrapped(plainly(texts[0]!)),
      where: where.map((line) => {
        const [name, of] = line.split(' = ') as [string, string];
        return `${name} = ${unwrapped(of)}`;
      }),
    };
  });
  const contrasts = Object.entries(contrast).map(([variable, { steps }]) => ({
    variable,
    ...contrastInWords(steps[0]!.kernel),
  }));
  const shown = (name: string, { source }: Kernel) => ({ name, source });
  const kernels = [
    ...pull.steps.map(({ kernel }) => shown('pull on phi', kernel)),
    ...Object.entries(contrast).flatMap(([name, { steps }]) =>
      steps.map(({ kernel }) => shown(`contrast of ${name}`, kernel)),
    ),
    shown('curvature in phi', curvature),
  ];
  return { partials, contrasts, kernels };
}
