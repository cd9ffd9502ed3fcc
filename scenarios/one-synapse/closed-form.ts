import { contrast } from '../../src/learning/contrast';
import type { ContrastiveRule } from '../../src/learning/contrastive';
import { MetaUpdate } from '../../src/learning/meta-update';
import type { Optimizer } from '../../src/learning/optimizers';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';

/** What the loss of one synapse draws it to: L = (phi - target)^2. */
export interface Targets {
  readonly trainTarget: number;
  readonly heldOutTarget: number;
}

export interface SlowVariables {
  readonly omega: number;
  readonly lambda: number;
}

/**
 * Where phi settles: the minimum of (phi - t)^2 + lambda (phi - omega)^2 / 2 + beta (phi - h)^2 (Eq. 3), at
 * (2 t + lambda omega + 2 beta h) / (2 + lambda + 2 beta). Null where that has none: its curvature is not above 0.
 */
export function equilibrium(
  { trainTarget, heldOutTarget }: Targets,
  { omega, lambda }: SlowVariables,
  beta: number,
): number | null {
  const curvature = 2 + lambda + 2 * beta;
  if (!(curvature > 0)) return null;
  return (2 * trainTarget + lambda * omega + 2 * beta * heldOutTarget) / curvature;
}

/** dL_out/domega and dL_out/dlambda at the free equilibrium, by the implicit function theorem. */
function exactGradient(targets: Targets, { omega, lambda }: SlowVariables): SlowVariables {
  const phi = equilibrium(targets, { omega, lambda }, 0)!;
  const byPhi = (2 * (phi - targets.heldOutTarget)) / (2 + lambda);
  return { omega: byPhi * lambda, lambda: byPhi * (omega - phi) };
}

/** The contrastive estimate of the same (Eq. 4), of exact equilibria; null where a phase has none. */
function contrastGradient(
  targets: Targets,
  slow: SlowVariables,
  { estimator }: ContrastiveRule,
): SlowVariables | null {
  const ends = [0, ...estimator.betas].map((beta) => [beta, equilibrium(targets, slow, beta)] as const);
  if (ends.some(([, phi]) => phi === null)) return null;
  const equilibria = new Map(ends.map(([beta, phi]) => [beta, Float64Array.of(phi!)]));
  const values = { omega: Float64Array.of(slow.omega), lambda: Float64Array.of(slow.lambda) };
  const { omega, lambda } = contrast(complexSynapse, estimator.terms, equilibria, values, plainExecutor());
  return { omega: omega![0]!, lambda: lambda![0]! };
}

/** Slow variables and held-out loss at the start of each task, and after the last one. */
export interface Course {
  readonly omega: readonly number[];
  readonly lambda: readonly number[];
  readonly heldOut: readonly number[];
}

export interface CourseOptions {
  readonly targets: Targets;
  readonly start: SlowVariables;
  readonly rule: ContrastiveRule;
  readonly optimizer: Optimizer;
  readonly metaSteps: number;
}

/**
 * What the run would be with phases that have settled for good and no rounding to float32: the same meta-updates, of
 * gradients worked out by hand. It ends early where a nudged phase has no minimum.
 * @param by The contrastive estimate, or the gradient that it estimates.
 */
export function closedForm(by: 'contrast' | 'exact gradient', options: CourseOptions): Course {
  const { targets, start, rule, optimizer, metaSteps } = options;
  const slow = { omega: Float64Array.of(start.omega), lambda: Float64Array.of(start.lambda) };
  const update = new MetaUpdate(slow, complexSynapse.nonNegative, { optimizer });
  const course = { omega: [] as number[], lambda: [] as number[], heldOut: [] as number[] };
  for (let task = 0; ; task++) {
    const now = { omega: slow.omega[0]!, lambda: slow.lambda[0]! };
    course.omega.push(now.omega);
    course.lambda.push(now.lambda);
    course.heldOut.push((equilibrium(targets, now, 0)! - targets.heldOutTarget) ** 2);
    if (task === metaSteps) return course;
    const gradient = by === 'contrast' ? contrastGradient(targets, now, rule) : exactGradient(targets, now);
    if (gradient === null) return course;
    const values = { omega: Float64Array.of(gradient.omega), lambda: Float64Array.of(gradient.lambda) };
    update.apply(slow, values, plainExecutor());
  }
}
