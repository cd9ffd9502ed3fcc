import { curvatureAtLeast, type EstimateError, gradientFloor, singularBelow } from './estimate-error';
import type { PhaseEnd, TrustEvidence } from './trust-evidence';
import { nameOf } from './trust-reason';
import { toleratedError, type Verdict } from './verdict';

/** What the part of the error that is to be repaired should come to: with the same for the other, the estimate is good. */
const target = toleratedError / 2;

/** More steps than this many budgets are not asked for: something else is the matter. */
const mostBudgets = 10;

/** By how much a free phase must lower its gradient's norm, from about 1 to the usual tolerance of 1e-6. */
const settled = Math.log(1e6);

/**
 * How many times longer a free phase takes than the curvature of the penalty alone would have it, since the data's may be negative.
 * Measured on Boston at lambda = 0.1: 1372 steps, where the penalty alone asks for 276. Twice that, to be safe.
 */
const slowdown = 10;

/** The one change most likely to help, with the number that theory gives for it; null where nothing need change. */
export function adviceFor(
  verdict: Verdict,
  evidence: TrustEvidence,
  error: EstimateError | null,
): string | null {
  if (verdict === 'good') return null;
  if (error === null) return forNoEquilibrium(evidence);
  return verdict === 'biased' ? forBias(evidence, error) : forNoise(evidence, error);
}

function forNoEquilibrium(evidence: TrustEvidence): string {
  const { diverged, beta } = evidence;
  if (diverged === null) return forNoMinimum(evidence);
  if (diverged.beta === 0) return "lower the free phase's learning rate";
  if (diverged.beta < 0) return 'take the forward estimator, which needs no negative nudge';
  // Every nudge adds to the curvature, and so lowers the rate at which steps are stable.
  return `lower beta to about ${rounded(beta / 4)}, or the nudged phases' learning rate`;
}

/** A saddle on the way to a minimum is left by more steps; one where the budget cannot suffice, by more curvature. */
function forNoMinimum(evidence: TrustEvidence): string {
  const { penaltyCurvature, curvature, phases } = evidence;
  const { steps, budget } = phases[0]!;
  const enough = slowdown * stepsAtCurvature(evidence, penaltyCurvature!);
  if (steps < enough && enough <= mostBudgets * budget) {
    return `give the free phase more steps: about ${rounded(enough)} (it had ${budget})`;
  }
  return raiseStrength(evidence, -curvature!.smallest.value);
}

/** The bias goes as beta^q, the noise as 1/beta. */
function forBias({ beta, order, other }: TrustEvidence, { bias, noise }: EstimateError): string {
  const factor = (bias / target) ** (1 / order);
  if (noise * factor > target && other !== null && other.order > order && other.agreement !== null)
    return `take the ${other.estimator} estimator`;
  return `lower beta to about ${rounded(beta / factor)}`;
}

function forNoise(evidence: TrustEvidence, error: EstimateError): string {
  const { beta, order, precision } = evidence;
  const { settling, rounding, noise, biasBeyondNoise } = error;
  const factor = noise / target;
  const louder = `raise beta to about ${rounded(beta * factor)}`;
  // Where noise hides the bias, a larger beta is tried only as far as the theorem's own constant of 1 would allow.
  const biasThere = Math.max(biasBeyondNoise * factor ** order, Math.abs(beta * factor) ** order / 2);
  const louderIsGood = biasThere <= target;
  const slowest = evidence.phases.reduce((worst, phase) => (share(phase) > share(worst) ? phase : worst));
  if (rounding > settling || slowest.residual <= gradientFloor(evidence)) {
    return louderIsGood || precision === 'float64' ? louder : 'take the engine reference, which is float64';
  }
  if (slowest.tolerance > 0 && slowest.residual <= slowest.tolerance) {
    const tolerance = rounded((slowest.tolerance * target) / settling);
    return `lower the tolerance of the phases to ${tolerance}, which takes more steps`;
  }
  const steps = stepsToSettle(evidence, slowest, settling / target);
  if (steps <= mostBudgets * slowest.budget) {
    return `give the ${nameOf(slowest.beta)} more steps: about ${rounded(steps)} (it had ${slowest.budget})`;
  }
  return louderIsGood ? louder : raiseStrength(evidence, -curvatureAtLeast(evidence));
}

const share = ({ weight, residual }: PhaseEnd): number => weight * residual;

/** The last and slowest direction, of curvature mu, loses rate mu/(1 - momentum) of its error a step. */
function stepsToSettle(evidence: TrustEvidence, { steps }: PhaseEnd, factor: number): number {
  const { rate, momentum } = evidence;
  if (rate === null || curvatureAtLeast(evidence) <= singularBelow(evidence)) return Number.POSITIVE_INFINITY;
  return steps + (Math.log(factor) * (1 - momentum)) / (rate * curvatureAtLeast(evidence));
}

/** Steps in which a direction of that curvature settles; rate x curvature/(1 - momentum) of the error goes in each. */
function stepsAtCurvature({ rate, momentum }: TrustEvidence, curvature: number): number {
  return rate === null || curvature <= 0
    ? Number.POSITIVE_INFINITY
    : (settled * (1 - momentum)) / (rate * curvature);
}

/** Raises the curvature by what it lacks, and to where the free phase's budget suffices to settle. */
function raiseStrength(evidence: TrustEvidence, lacking: number): string {
  const { strengths, penaltyCurvature, phases } = evidence;
  if (strengths.length === 0) {
    return 'hold the fast variables by a penalty: without one, the contrast of phases that a step budget ends is no derivative';
  }
  const wanted = slowdown * stepsAtCurvature(evidence, phases[0]!.budget); // the curvature that settles within the budget
  const more = Number.isFinite(wanted) ? wanted - penaltyCurvature! : 0;
  // On the way to a minimum the curvature may be far below what it will be there.
  const { residual, tolerance } = phases[0]!;
  const lacks = more === 0 || residual <= tolerance ? lacking : 0;
  return `raise ${strengths.join(', ')} by about ${rounded(Math.max(lacks, more, penaltyCurvature!))}`;
}

/** One digit: theory gives no more. */
function rounded(value: number): number {
  return Number(value.toPrecision(1));
}
