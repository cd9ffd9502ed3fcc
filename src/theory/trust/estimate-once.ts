import { DivergenceError } from '../../core/errors';
import { asapScheduler } from '../../core/rxjs-parts';
import type { Session } from '../../engine/engine';
import type { Estimator } from '../../learning/estimators';
import { runTask } from '../../learning/run-task';
import type { TaskResult } from '../../learning/task-learner';
import { Population } from '../../synapse/population';
import type { Diverged } from './trust-evidence';
import type { TrustProblem } from './trust-problem';

/** Steps between two looks at the event loop, so that progress and signals go on. */
const stride = 100;

/** A meta-gradient with the ends of its phases, or where it diverged. */
export type Attempt =
  | { readonly result: TaskResult; readonly diverged: null }
  | { readonly result: null; readonly diverged: Diverged };

/** One estimate by phases of its own. */
export async function estimate(
  problem: TrustProblem,
  session: Session,
  estimator: Estimator,
): Promise<Attempt> {
  const { network, task, slow, start, rules, signal } = problem;
  // What is judged is where phases end.
  const free = { ...problem.rule.free, residualAtEnd: true };
  const nudged = { ...problem.rule.nudged, residualAtEnd: true };
  const rule = { ...problem.rule, estimator, free, nudged };
  try {
    const result = await runTask({
      session,
      population: new Population(network.synapse, network.topology),
      ...{ network, slow, task, rules, rule, start, signal },
      listener: { next() {} },
      update: null,
      index: 0,
      stride,
      scheduler: asapScheduler,
    });
    return { result, diverged: null };
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    const { beta, step } = error.moment;
    return { result: null, diverged: { beta, step } };
  }
}
