import { z } from 'zod';
import { InputError } from '../core/errors';
import { hasFields, made, validate } from '../core/validate';
import { auditLocality } from '../kernel/audit-locality';
import { defineKernel, type Kernel } from '../kernel/kernel';
import type { Energy } from './energy/energy';
import { defineRule, type Rule } from './rule';
import {
  complexCurvature,
  complexEnergy,
  complexPull,
  contrastOfLambda,
  contrastOfOmega,
  crossOfLambda,
  crossOfOmega,
} from './rules/complex-synapse';

export interface SynapseDescription {
  /** The fast variable: what learns inside a task. */
  readonly fast: string;
  /** The slow variables: what the contrast changes between tasks. */
  readonly meta: readonly string[];
  /** Energy R of one synapse, in its own variables; the network's is the sum over all synapses (Eq. 7). */
  readonly penalty: string;
  /** Slow variables that must not fall below 0. Default: `lambda`, where there is one. */
  readonly nonNegative?: readonly string[];
}

/** A synapse model: an energy, and the local rules that follow from it. */
export interface SynapseModel {
  readonly fast: string;
  readonly meta: readonly string[];
  readonly penalty: string;
  readonly nonNegative: readonly string[];
  /** R, the penalty of one synapse. */
  readonly energy: Kernel;
  /** gradient <- gradient + dR/dfast: turns the data's gradient into that of the whole inner loss. */
  readonly pull: Rule;
  /**
   * By slow variable: accumulated <- accumulated + coefficient (dR/dtheta at `nudged` - dR/dtheta at `reference`),
   * where `nudged` and `reference` are the fast variable at the ends of two phases (Eq. 4).
   */
  readonly contrast: Readonly<Record<string, Rule>>;
  /** d2R/dfast2, the penalty's part of the Hessian's diagonal. */
  readonly curvature: Kernel;
  /** By slow variable: d2R/(dtheta dfast), the cross derivative of the implicit function theorem. */
  readonly cross: Readonly<Record<string, Kernel>>;
}

/** What `defineSynapse` makes. */
export const synapseModelSchema = made<SynapseModel>(
  'a synapse model: complexSynapse, or what defineSynapse() makes',
  (value) =>
    hasFields(value, {
      fast: 'string',
      pull: 'object',
      contrast: 'object',
      energy: 'object',
      curvature: 'object',
    }) &&
    Array.isArray((value as SynapseModel).meta) &&
    Array.isArray((value as SynapseModel).nonNegative),
);

const synapseDescription = z.object({
  fast: z.string(),
  meta: z.array(z.string()),
  penalty: z.string().min(1),
  nonNegative: z.array(z.string()).optional(),
});

/** Names that mean something else to rules, optimisers and sessions: `theta` is a network's whole weights. */
const reserved = [
  'theta',
  ...['nudged', 'reference', 'accumulated', 'coefficient', 'gradient', 'middle'],
  ...['nudgedValue', 'referenceValue', 'value', 'momentum', 'firstMoment', 'secondMoment'],
];

/**
 * A synapse model from its energy: its partial derivatives (see `Energy`) become local kernels.
 *
 * ```ts
 * const complexSynapse = defineSynapse({
 *   fast: 'phi', meta: ['omega', 'lambda'], penalty: 'lambda * (phi - omega)^2 / 2',
 * });
 * ```
 * @throws InputError where a name is not legal, or the penalty cannot be read or differentiated.
 */
export function defineSynapse(description: SynapseDescription): SynapseModel {
  const { fast, meta, penalty } = validate(synapseDescription, description, 'the description of a synapse');
  const variables = [fast, ...meta];
  checkNames(variables);
  const nonNegative = description.nonNegative ?? meta.filter((variable) => variable === 'lambda');
  for (const variable of nonNegative) {
    if (meta.includes(variable)) continue;
    throw new InputError({
      what: 'nonNegative names no slow variable',
      got: variable,
      legal: meta.join(', '),
    });
  }
  // Loaded here, not above: mathjs takes half a second, and most command lines never define a synapse of their own.
  const { Energy } = require('./energy/energy') as typeof import('./energy/energy');
  const energy = Energy.parse(penalty, variables);
  const force = energy.partial(fast);
  const bySlowVariable = <T>(make: (variable: string) => T): Record<string, T> =>
    Object.fromEntries(meta.map((variable) => [variable, make(variable)]));
  return {
    fast,
    meta,
    penalty,
    nonNegative,
    energy: expressionKernel('energy', energy),
    pull: defineRule('pull', { gradient: pullSource(force) }),
    contrast: bySlowVariable((variable) =>
      defineRule(`contrast of ${variable}`, { accumulated: contrastSource(energy.partial(variable), fast) }),
    ),
    curvature: expressionKernel('curvature', force.partial(fast)),
    cross: bySlowVariable((variable) => expressionKernel(`cross_${variable}`, force.partial(variable))),
  };
}

function checkNames(variables: readonly string[]): void {
  variables.forEach((name, index) => {
    if (
      !/^[a-zA-Z][a-zA-Z0-9]*$/.test(name) ||
      reserved.includes(name) ||
      !isParameterName(name) ||
      variables.indexOf(name) !== index
    ) {
      throw new InputError({
        what: 'A synapse variable has no legal name',
        got: name,
        legal: `letters and digits, each name once, no word of JavaScript's own, and none of ${reserved.join(', ')}`,
      });
    }
  });
}

/** Whether a kernel may have a parameter of this name: words such as `if` and `Math` mean something else. */
function isParameterName(name: string): boolean {
  try {
    return auditLocality(`function f(${name}) { return ${name}; }`).local;
  } catch {
    return false;
  }
}

const at = (variable: string): string => `${variable}[this.thread.x]`;

/** The kernel whose value is an energy. */
function expressionKernel(name: string, energy: Energy): Kernel {
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

function pullSource(force: Energy): string {
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
function contrastSource(partial: Energy, fast: string): string {
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

/** The paper's complex synapse: phi is drawn to omega with strength lambda (Eq. 7). */
export const complexSynapse: SynapseModel = {
  fast: 'phi',
  meta: ['omega', 'lambda'],
  penalty: 'lambda * (phi - omega)^2 / 2',
  nonNegative: ['lambda'],
  energy: complexEnergy,
  pull: complexPull,
  contrast: { omega: contrastOfOmega, lambda: contrastOfLambda },
  curvature: complexCurvature,
  cross: { omega: crossOfOmega, lambda: crossOfLambda },
};
