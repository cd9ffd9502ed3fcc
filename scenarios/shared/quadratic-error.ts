import { quadraticNetwork, quadraticTask } from '../../models/quadratic';
import { relativeError } from '../../src/baselines/implicit';
import { norm } from '../../src/core/norm';
import type { Engine } from '../../src/engine/engine';
import { contrastive } from '../../src/learning/contrastive';
import type { Estimator } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import type { RuleExecutor } from '../../src/synapse/rule-executor';
import {
  augmentedCurvature,
  equilibrium,
  type QuadraticProblem,
  quadraticMetaGradient,
} from '../../src/theory/quadratic';

export interface QuadraticMeasurement {
  readonly problem: QuadraticProblem;
  readonly estimator: Estimator;
  /** Gradient descent's steps in the free phase, and in each nudged one. */
  readonly steps: { readonly free: number; readonly nudged: number };
  /** Its rate, as a multiple of 1 / (the phase's largest curvature). */
  readonly rate: number;
  /** A phase ends sooner where its gradient's norm is at or below this multiple of its largest curvature. Default 0: never. */
  readonly tolerance?: number;
  readonly engine: Engine;
  /** Executes the contrast. */
  readonly rules: RuleExecutor;
  readonly signal?: AbortSignal;
}

export interface QuadraticError {
  /** Norm of (exact meta-gradient - estimate) over that of the exact one. */
  readonly error: number;
  /** delta and delta': the norms of phi's distance to the minimum, at the ends of the free and the last nudged phase. */
  readonly distance: { readonly free: number; readonly nudged: number };
  /** Whether every phase ended at its tolerance. */
  readonly converged: boolean;
  /** The estimate of dL_out/domega, [N]. */
  readonly estimate: Float64Array;
}

/**
 * One estimate on a quadratic problem, by the simulator: clock, replay and contrast as in every other scenario. phi starts at
 * omega. All nudged phases have the rate of the most strongly nudged one, for which alone it must be that small.
 * @throws DivergenceError where a phase diverges; Interruption where the signal is aborted.
 */
export async function measureQuadratic(measurement: QuadraticMeasurement): Promise<QuadraticError> {
  const { problem, estimator, steps, rate, tolerance = 0, engine, rules, signal } = measurement;
  const phase = (beta: number, count: number) => ({
    optimizer: sgd({ rate: rate / augmentedCurvature(problem, beta).largest }),
    steps: count,
    tolerance: tolerance * augmentedCurvature(problem, beta).largest,
  });
  const simulation = simulate({
    network: quadraticNetwork(problem.omega.length),
    task: quadraticTask(problem),
    rule: contrastive({
      estimator,
      free: phase(0, steps.free),
      nudged: phase(Math.max(...estimator.betas), steps.nudged),
    }),
    meta: { optimizer: sgd({ rate: 1 }), learn: [] },
    initial: { phi: problem.omega, omega: problem.omega, lambda: problem.lambda },
    stride: Math.max(steps.free, steps.nudged),
    engine,
    rules,
    // Whether the phases have converged is in what is measured.
    warn: () => {},
  });
  try {
    const { metaGradient, equilibria, phases } = await simulation.estimate(signal);
    const estimate = metaGradient.omega!;
    const distanceAt = (beta: number): number =>
      norm(equilibrium(problem, beta).map((value, i) => equilibria.get(beta)![i]! - value));
    return {
      error: relativeError(estimate, quadraticMetaGradient(problem))!,
      distance: { free: distanceAt(0), nudged: distanceAt(estimator.betas.at(-1)!) },
      converged: phases.every(({ converged }) => converged),
      estimate,
    };
  } finally {
    await simulation.close();
  }
}
