import { implicitGradient, relativeError } from '../../src/baselines/implicit';
import { InputError, NoMinimumError } from '../../src/core/errors';
import type { Simulation } from '../../src/learning/simulator';
import type { TaskResult } from '../../src/learning/task-learner';
import type { Quantities } from '../../src/synapse/rule-executor';

/** An estimate beside the implicit function theorem's gradient, or why there is none. */
export interface ExactCheck {
  relativeError: number | null;
  smallestEigenvalue: number | null;
  refused: string | null;
}

/** Evenly spread over the run, its first and last point among them. */
export function checkPoints(count: number, metaSteps: number): Set<number> {
  const spread = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : (i * metaSteps) / (count - 1)));
  return new Set(spread.map(Math.round));
}

/** Relative error of the estimate of the strength's gradient against the implicit function theorem, or why there is no exact gradient. */
export async function errorAgainstExact(
  simulation: Simulation,
  slow: Quantities,
  { equilibria, metaGradient }: TaskResult,
  strength: string,
): Promise<ExactCheck> {
  const { network, task } = simulation;
  const session = await simulation.open();
  try {
    const exact = await implicitGradient({ network, session, ...task, phi: equilibria.get(0)!, slow });
    const error = relativeError(metaGradient[strength]!, exact.metaGradient[strength]!);
    return { relativeError: error, smallestEigenvalue: exact.smallestEigenvalue, refused: null };
  } catch (error) {
    if (error instanceof NoMinimumError)
      return { relativeError: null, smallestEigenvalue: error.smallestEigenvalue, refused: error.message };
    // The network is too large for a full Hessian.
    if (error instanceof InputError)
      return { relativeError: null, smallestEigenvalue: null, refused: error.message };
    throw error;
  } finally {
    await session.close();
  }
}
