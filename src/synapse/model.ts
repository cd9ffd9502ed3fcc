import { z } from 'zod';
import { InputError } from '../core/errors';
import { madeBy } from '../core/origin';
import { hasFields, made, validate } from '../core/validate';
import { auditLocality } from '../kernel/audit-locality';
import type { Kernel } from '../kernel/kernel';
import { contrastSource, expressionKernel, flowSources, pullSource, reserved } from './energy-kernels';
import type { Flow } from './flow';
import { callKernel } from './plain-executor';
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
import { type DeclaredVariable, declared, type SlowVariable, slowVariableSchema } from './slow-variable';

/** What a synapse model is made from: its variables and its energy. */
export interface SynapseDescription {
  /** The fast variable: what learns inside a task. */
  readonly fast: string;
  /** The slow variables, which the contrast changes between tasks: their names, or by name what is declared of each. */
  readonly meta: readonly string[] | Readonly<Record<string, SlowVariable>>;
  /** Energy R of one synapse, in its own variables; the network's is the sum over all synapses (Eq. 7). */
  readonly penalty: string;
  /** The slow variable that the fast one starts from in each task. Default: none, and each task starts from the same first values. */
  readonly anchor?: string | null;
  /**
   * What slow variables do by themselves, from one meta-step to the next: by variable, what is added to it after the meta-update, as an
   * expression in the slow variables: `0.1 * (u_2 - u_1)`. All of them at once. Default: nothing.
   */
  readonly flow?: Readonly<Record<string, string>> | null;
  /** Slow variables that must not fall below 0, beside those that are declared so. Default: none. */
  readonly nonNegative?: readonly string[];
}

/** A synapse model: an energy, and the local rules that follow from it. */
export interface SynapseModel {
  readonly fast: string;
  readonly meta: readonly string[];
  readonly penalty: string;
  readonly anchor: string | null;
  readonly nonNegative: readonly string[];
  /** What is declared of each slow variable. */
  readonly declared: Readonly<Record<string, DeclaredVariable>>;
  /** Whether the penalty no longer moves the fast variable once all that is non-negative is 0, as its strengths are. */
  readonly releasable: boolean;
  /** Null where slow variables do nothing by themselves. */
  readonly flow: Flow | null;
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
      declared: 'object',
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
  meta: z.union([z.array(z.string()), z.record(z.string(), slowVariableSchema)]),
  penalty: z.string().min(1),
  anchor: z.string().nullable().optional(),
  flow: z.record(z.string(), z.string().min(1)).nullable().optional(),
  nonNegative: z.array(z.string()).optional(),
});

/**
 * A synapse model from its energy: its partial derivatives (see `Energy`) become local kernels.
 *
 * ```ts
 * const complexSynapse = defineSynapse({
 *   fast: 'phi',
 *   meta: { omega: {}, lambda: { initial: 0.5, nonNegative: true, learned: false } },
 *   anchor: 'omega',
 *   penalty: 'lambda * (phi - omega)^2 / 2',
 * });
 * ```
 * @throws InputError where a name is not legal, or the penalty cannot be read or differentiated.
 */
export function defineSynapse(description: SynapseDescription): SynapseModel {
  const given = validate(synapseDescription, description, 'the description of a synapse');
  const { fast, penalty, anchor = null } = given;
  const meta = Array.isArray(given.meta) ? given.meta : Object.keys(given.meta);
  const variables = [fast, ...meta];
  checkNames(variables);
  checkNamed('nonNegative', given.nonNegative ?? [], meta);
  const flows = Object.entries(given.flow ?? {});
  checkNamed('flow', Object.keys(given.flow ?? {}), meta);
  checkNamed('anchor', anchor === null ? [] : [anchor], meta);
  const declaration = Object.fromEntries(
    meta.map((name) => {
      const own = Array.isArray(given.meta) ? {} : given.meta[name]!;
      const nonNegative = own.nonNegative ?? given.nonNegative?.includes(name) ?? false;
      return [name, declared({ ...own, nonNegative }, name === anchor)];
    }),
  );
  const nonNegative = meta.filter((name) => declaration[name]!.nonNegative);
  // Loaded here, not above: mathjs takes half a second, and most command lines never define a synapse of their own.
  const { Energy } = require('./energy/energy') as typeof import('./energy/energy');
  const energy = Energy.parse(penalty, variables);
  const force = energy.partial(fast);
  const pull = defineRule('pull', { gradient: pullSource(force) });
  const bySlowVariable = <T>(make: (variable: string) => T): Record<string, T> =>
    Object.fromEntries(meta.map((variable) => [variable, make(variable)]));
  return madeBy('src/synapse/model', 'defineSynapse', [{ ...given, anchor }], {
    fast,
    meta,
    penalty,
    anchor,
    nonNegative,
    declared: declaration,
    releasable: isReleased(pull, fast, nonNegative),
    energy: expressionKernel('energy', energy),
    flow: flows.length === 0 ? null : flowOf(flows, meta, nonNegative),
    pull,
    contrast: bySlowVariable((variable) =>
      defineRule(`contrast of ${variable}`, { accumulated: contrastSource(energy.partial(variable), fast) }),
    ),
    curvature: expressionKernel('curvature', force.partial(fast)),
    cross: bySlowVariable((variable) => expressionKernel(`cross_${variable}`, force.partial(variable))),
  });
}

function flowOf(...given: Parameters<typeof flowSources>): Flow {
  const { kernels, ...flow } = flowSources(...given);
  return { ...flow, rule: defineRule('flow', kernels) };
}

function checkNamed(what: string, names: readonly string[], meta: readonly string[]): void {
  for (const got of names) {
    if (!meta.includes(got))
      throw new InputError({ what: `${what} names no slow variable`, got, legal: meta.join(', ') });
  }
}

/** Values to try a force at; an energy that is 0 at all of them by accident would have to be made for it. */
const trialValues = Float64Array.of(-1.7, -0.3, 0.6, 2.1, 0.11, -5.3, 3.9, 0.05);

/** Whether the pull is exactly 0 wherever all non-negative variables are. */
function isReleased(pull: Rule, fast: string, nonNegative: readonly string[]): boolean {
  const { kernel } = pull.steps[0]!;
  const quantities = Object.fromEntries(
    kernel.arrays.map((name, shift) => {
      if (name === 'gradient' || nonNegative.includes(name)) return [name, trialValues.map(() => 0)];
      return [name, trialValues.map((_, i) => trialValues[(i + (name === fast ? 0 : 3 * shift)) % 8]!)];
    }),
  );
  const gradient = new Float64Array(trialValues.length);
  callKernel(kernel, quantities, {}, gradient);
  return gradient.every((value) => value === 0);
}

function checkNames(variables: readonly string[]): void {
  variables.forEach((name, index) => {
    if (
      !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ||
      reserved.includes(name) ||
      !isParameterName(name) ||
      variables.indexOf(name) !== index
    ) {
      throw new InputError({
        what: 'A synapse variable has no legal name',
        got: name,
        legal: `letters, digits and underscores, no digit first, each name once, no word of JavaScript's own, and none of ${reserved.join(', ')}`,
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

/** The paper's complex synapse: phi is drawn to omega with strength lambda (Eq. 7). */
export const complexSynapse: SynapseModel = madeBy('src/synapse/model', 'complexSynapse', null, {
  fast: 'phi',
  meta: ['omega', 'lambda'],
  penalty: 'lambda * (phi - omega)^2 / 2',
  anchor: 'omega',
  nonNegative: ['lambda'],
  declared: {
    omega: declared({ meaning: 'what the weight is drawn to, and starts from in each task' }, true),
    lambda: declared(
      { initial: 0.5, nonNegative: true, learned: false, meaning: 'how strongly it is drawn' },
      false,
    ),
  },
  releasable: true,
  flow: null,
  energy: complexEnergy,
  pull: complexPull,
  contrast: { omega: contrastOfOmega, lambda: contrastOfLambda },
  curvature: complexCurvature,
  cross: { omega: crossOfOmega, lambda: crossOfLambda },
});
