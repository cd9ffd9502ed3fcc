import { z } from 'zod';
import { allFinite, ofLength } from '../../core/checks';
import { InputError } from '../../core/errors';
import { anAbortSignal, distinctNames, float64ArraySchema, validate } from '../../core/validate';
import { withoutCredit } from '../../engine/credited-engine';
import { type Engine, metaWeights } from '../../engine/engine';
import { engineSchema } from '../../engine/engine-schema';
import { type ContrastiveRule, contrastiveRuleSchema } from '../../learning/contrastive';
import type { Credit } from '../../network/credit/credit';
import { checkBatchFits, type Network, networkSchema, withCredit } from '../../network/network';
import { executorSchema, type Quantities, type RuleExecutor } from '../../synapse/rule-executor';
import { makeTask, type Task, taskSchema } from '../../tasks/task';

/** A meta-gradient that is to be judged: one task, learned by a rule, at given slow variables. */
export interface TrustProblem {
  readonly network: Network;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  /** The slow variables, by name; they stay as they are. */
  readonly slow: Quantities;
  /** phi at the start of the free phase. */
  readonly start: Float64Array;
  /** The slow variables whose gradients are used. Default: all. */
  readonly learned?: readonly string[];
  readonly engine: Engine;
  /** Executes the contrast. */
  readonly rules: RuleExecutor;
  /** Root seed of the random start of Lanczos. Default 0. */
  readonly seed?: number;
  /** Hessian-vector products at the most. Default 300. */
  readonly lanczosSteps?: number;
  readonly signal?: AbortSignal;
}

const trustProblem = z.looseObject({
  network: networkSchema,
  task: taskSchema,
  rule: contrastiveRuleSchema,
  slow: z.record(z.string(), float64ArraySchema),
  start: float64ArraySchema,
  learned: distinctNames.optional(),
  engine: engineSchema,
  rules: executorSchema,
  seed: z.int().min(0).optional(),
  lanczosSteps: z.int().min(1).optional(),
  signal: anAbortSignal.optional(),
});

/** @throws InputError where the problem is not legal, or its parts do not fit each other. */
export function checkTrustProblem(problem: TrustProblem): void {
  validate(trustProblem, problem, 'the problem whose meta-gradient is to be judged');
  const { network, task, slow, start, learned = [] } = problem;
  makeTask(task);
  for (const set of [task.train, task.heldOut]) checkBatchFits(network, set, task.name);
  const sizes = slowSizes(network);
  ofLength('start', start, network.size);
  for (const [name, size] of Object.entries(sizes)) {
    const values = Object.hasOwn(slow, name) ? slow[name]! : [];
    ofLength(`slow.${name}`, values, size);
    allFinite(`slow.${name}`, values);
  }
  for (const name of learned) {
    if (Object.hasOwn(sizes, name)) continue;
    throw new InputError({
      what: 'There is no such slow variable',
      got: name,
      legal: Object.keys(sizes).join(', '),
    });
  }
}

/** How many entries each variable has that learns between tasks. */
function slowSizes({ synapse, size, meta }: Network): Readonly<Record<string, number>> {
  const own = synapse.meta.map((name) => [name, size] as const);
  return Object.fromEntries(meta.size > 0 ? [...own, [metaWeights, meta.size] as const] : own);
}

/** The same problem with the source of credit in its network, where an engine gives it. */
export function withOwnCredit<Problem extends Pick<TrustProblem, 'engine' | 'network'>>(
  problem: Problem,
): Problem {
  const { engine, credit } = withoutCredit(problem.engine);
  return credit === null ? problem : { ...problem, engine, network: withCredit(problem.network, credit) };
}

/** The same problem with another source of credit, whoever gives it. */
export function creditedBy<Problem extends Pick<TrustProblem, 'engine' | 'network'>>(
  problem: Problem,
  credit: Credit,
): Problem {
  const { engine, network } = withOwnCredit(problem);
  return { ...problem, engine, network: withCredit(network, credit) };
}
