import { defineKernel, type Kernel } from '../kernel/kernel';
import type { Energy } from './energy/energy';
import type { Flow } from './flow';

/*
 * The texts of the kernels that follow from a synapse's energies.
 */

/** Names that mean something else to rules, optimisers and sessions: `theta` is a network's whole weights. */
export const reserved = [
  'theta',
  ...['nudged', 'reference', 'accumulated', 'coefficient', 'gradient', 'middle'],
  ...['nudgedValue', 'referenceValue', 'value', 'momentum', 'firstMoment', 'secondMoment'],
];

const at = (variable: string): string => `${variable}[this.thread.x]`;

/** The kernel whose value is an energy. */
export function expressionKernel(name: string, energy: Energy): Kernel {
  const { locals, value } = write([energy], ([text]) => text!);
  return defineKernel(`function ${name}(${[...energy.reads].join(', ')}) {
  ${[...locals, `return ${value};`].join('\n  ')}
}`);
}

/** Source of energies, and a text made of theirs. The variables in `plain` are locals of the kernel already. */
function write(
  energies: readonly Energy[],
  compose: (texts: readonly string[]) => string,
  plain: readonly string[] = [],
): { readonly locals: readonly string[]; readonly value: string } {
  const { Energy } = require('./energy/energy') as typeof import('./energy/energy');
  const { locals, texts } = Energy.write(energies, {
    spell: (variable) => (plain.includes(variable) ? variable : at(variable)),
    taken: [...reserved, ...energies.flatMap(({ reads }) => [...reads])],
  });
  return { locals, value: compose(texts) };
}

/** gradient <- gradient + force. */
export function pullSource(force: Energy): string {
  const parameters = ['gradient', ...force.reads].join(', ');
  const { locals, value } = write([force], ([text]) => `${at('gradient')} + ${text}`);
  return `function pull(${parameters}) {
  ${[...locals, `return ${value};`].join('\n  ')}
}`;
}

/**
 * The difference of dR/dtheta between two equilibria. Where dR/dtheta is a polynomial of degree 2 at most in the
 * fast variable, (nudged - reference) times its slope half way is the same number, and does not lose digits
 * where the two are close: for lambda, 1/2 (phi_b - phi_0)(phi_b + phi_0 - 2 omega). Otherwise it is the plain difference.
 */
export function contrastSource(partial: Energy, fast: string): string {
  if (!partial.reads.has(fast)) return `function contrast(accumulated) { return ${at('accumulated')}; }`;
  const plain = ['nudgedValue', 'referenceValue', 'middle'];
  const halfWay = partial.isPolynomial(fast, 2);
  const slope = halfWay ? partial.partial(fast) : partial;
  const { locals, value } = halfWay
    ? write([slope.renamed(fast, 'middle')], ([text]) => `(nudgedValue - referenceValue) * ${text}`, plain)
    : write(
        plain.slice(0, 2).map((end) => slope.renamed(fast, end)),
        ([nudged, reference]) => `(${nudged} - ${reference})`,
        plain,
      );
  const own = [...slope.reads].filter((variable) => variable !== fast);
  const middle = halfWay && slope.reads.has(fast);
  const parameters = ['nudged', 'reference', ...own, 'accumulated', 'coefficient'].join(', ');
  const lines = [
    `const nudgedValue = ${at('nudged')};`,
    `const referenceValue = ${at('reference')};`,
    ...(middle ? ['const middle = (nudgedValue + referenceValue) / 2;'] : []),
    ...locals,
    `return ${at('accumulated')} + coefficient * ${value};`,
  ];
  return `function contrast(${parameters}) {
  ${lines.join('\n  ')}
}`;
}

/** All next values first, into buffers, so that no variable sees what another has become. */
export function flowSources(
  flows: readonly (readonly [variable: string, text: string])[],
  meta: readonly string[],
  nonNegative: readonly string[],
): Pick<Flow, 'variables' | 'buffers'> & { readonly kernels: Readonly<Record<string, string>> } {
  const { Energy } = require('./energy/energy') as typeof import('./energy/energy');
  const buffers = flows.map((_, i) => {
    let name = `next${i}`;
    while (meta.includes(name)) name += '_';
    return name;
  });
  const changes = flows.map(([variable, text], i) => {
    const energy = Energy.parse(text, meta);
    const { locals, value } = write([energy], ([change]) => `${at(variable)} + ${change}`);
    const next = nonNegative.includes(variable) ? `Math.max(0, ${value})` : value;
    const parameters = [...new Set([variable, ...energy.reads])].join(', ');
    return [
      buffers[i]!,
      `function flow(${parameters}) {\n  ${[...locals, `return ${next};`].join('\n  ')}\n}`,
    ];
  });
  const taken = flows.map(([variable], i) => [
    variable,
    `function take(${buffers[i]}) { return ${at(buffers[i]!)}; }`,
  ]);
  return {
    variables: flows.map(([variable]) => variable),
    kernels: Object.fromEntries([...changes, ...taken]),
    buffers,
  };
}
