import { z } from 'zod';
import type { TaskPlan } from '../../clock/schedule';
import { kebabCase, kebabCaseInWords } from '../../core/kebab-case';
import { aFunction, isSchema, made, validate } from '../../core/validate';
import type { ContrastiveRule } from '../../learning/contrastive';
import type { MetaLearner } from '../../learning/meta-learner';
import type { Network } from '../../network/network';
import type { RuleExecutor } from '../../synapse/rule-executor';

/** Which of a scenario's networks a method learns with: complex synapses, or learning by modulation. */
export type NetworkKind = 'complex' | 'modulated';

/** What a method's learner is made for: the network, what executes local rules, and the stride of events. */
export interface MethodSurroundings {
  readonly network: Network;
  readonly rules: RuleExecutor;
  /** Inner steps that one step event stands for. */
  readonly stride: number;
}

/**
 * One way to learn from a stream of tasks, as `--method` names it: a description that says which settings it has and
 * which meta-learner these make. One of a user's own is handed to `fewShotScenario` as one of its `methods`.
 */
export interface Method<S extends z.ZodType = z.ZodType> {
  /** The word for it. */
  readonly name: string;
  /** What it is, for people. */
  readonly summary: string;
  readonly network: NetworkKind;
  /** Its part of the configuration; every setting has a default. */
  readonly settings: S;
  /** The learner that settings make. */
  make(settings: z.output<S>, surroundings: MethodSurroundings): MetaLearner;
  /** The contrastive rule that it learns by, where it does: its meta-gradients can then be judged. */
  rule?(settings: z.output<S>): ContrastiveRule;
  /** The course of one task, for `metaplast schedule`. */
  plan(settings: z.output<S>, stride: number): TaskPlan;
}

const description = z.strictObject({
  name: z.string().regex(kebabCase, { error: kebabCaseInWords }),
  summary: z.string().min(1),
  network: z.enum(['complex', 'modulated']),
  settings: made<z.ZodType>(
    'a schema whose settings all have defaults, such as z.strictObject({ rate: z.number().default(0.1) }).prefault({})',
    (value) => isSchema(value) && (value as z.ZodType).safeParse(undefined).success,
  ),
  make: aFunction<Method['make']>(),
  rule: aFunction<NonNullable<Method['rule']>>().optional(),
  plan: aFunction<Method['plan']>(),
});

/** Methods, as `defineMethod` makes them. */
export const methodSchema = made<Method>(
  'a method, as defineMethod() makes',
  (value) => description.safeParse(value).success,
);

/**
 * Describes a method; keeps the type of its settings for `make` and `plan`.
 * @throws InputError where a part is missing, unknown or not legal.
 */
export function defineMethod<S extends z.ZodType>(method: Method<S>): Method<S> {
  validate(description, method, 'the description of a method');
  return method;
}
