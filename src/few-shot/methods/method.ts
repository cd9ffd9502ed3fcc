import type { z } from 'zod';
import type { TaskPlan } from '../../clock/schedule';
import type { ContrastiveRule } from '../../learning/contrastive';
import type { MetaLearner } from '../../learning/meta-learner';
import type { Network } from '../../network/network';
import type { RuleExecutor } from '../../synapse/rule-executor';

/** Which of a scenario's networks a method learns with: complex synapses, or learning by modulation. */
type NetworkKind = 'complex' | 'modulated';

interface MethodSurroundings {
  readonly network: Network;
  readonly rules: RuleExecutor;
  /** Inner steps that one step event stands for. */
  readonly stride: number;
}

/**
 * One way to learn from a stream of tasks, as `--method` names it: a description that says which settings it has and
 * which meta-learner these make. A new method is a file with such a description and a line in `all-methods.ts`.
 */
export interface Method<S extends z.ZodType = z.ZodType> {
  /** The word for it. */
  readonly name: string;
  /** What it is, for people. */
  readonly summary: string;
  readonly network: NetworkKind;
  /** Its part of the configuration; every setting has a default. */
  readonly settings: S;
  make(settings: z.output<S>, surroundings: MethodSurroundings): MetaLearner;
  /** The contrastive rule that it learns by, where it does: its meta-gradients can then be judged. */
  rule?(settings: z.output<S>): ContrastiveRule;
  /** The course of one task, for `metaplast schedule`. */
  plan(settings: z.output<S>, stride: number): TaskPlan;
}

/** Keeps the type of the settings for `make` and `plan`. */
export function defineMethod<S extends z.ZodType>(method: Method<S>): Method<S> {
  return method;
}
