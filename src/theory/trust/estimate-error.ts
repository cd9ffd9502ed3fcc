import type { Agreement } from './agreement';
import type { PhaseEnd, TrustEvidence } from './trust-evidence';

/** Unit roundoff: half a unit in the last place, relative. */
const unitRoundoff = { float64: 2 ** -53, float32: 2 ** -24 };

/**
 * Roundings of phi by which the end of a phase misses its equilibrium. Measured on Boston in float32 (docs/decisions/0020-trust.md): where
 * phi moved by 6.2, 5.2, 4.2, 3.2, 2.2 decimal digits more than its rounding, the contrast of two phases was wrong by 6e-6, 1e-4,
 * 1e-3, 1.5e-2, 1e-1: 25 roundings at the most, half of them each phase's.
 */
const stalledRoundings = 12.5;

/** Products of the Hessian carry some ten roundings of its largest eigenvalue: below that an eigenvalue counts as 0. */
const singularFraction = { float64: 1e-12, float32: 1e-6 };

/** The parts of a meta-gradient's error, each relative to the gradient's norm. */
export interface EstimateError {
  /** Of the finite difference: falls with beta. */
  readonly bias: number;
  /** How far bias exceeds what noise alone would show as bias. */
  readonly biasBeyondNoise: number;
  /** Of phases that ended before their equilibria: falls with more steps, and as 1/beta. */
  readonly settling: number;
  /** Of rounding: falls as 1/beta. */
  readonly rounding: number;
  /** settling + rounding. */
  readonly noise: number;
  /** What the bias is read from: the slow variable and comparison that disagree most. */
  readonly worst: Disagreement | null;
}

export interface Disagreement extends Agreement {
  readonly variable: string;
  readonly with: 'half the nudge' | 'another estimator';
}

/**
 * What an estimate's error is made of, from what was measured: the three terms of Theorem 2, B_in (delta + delta')/beta and
 * C beta/(1 + beta), with the constants that the problem itself shows.
 *
 * Bias: for an error of order q, estimates at beta and beta/2 differ by (1 - 2^-q) of it, so it is 2^q/(2^q - 1) of their difference
 * (Richardson); relative to the estimate, this is never less than c beta/(1 + c beta), the relative error of an estimate g/(1 + c beta) that
 * saturates as the theorem's term does. An estimator of higher order differs from the judged one by the whole of it, and counts where its own phases settled.
 * Noise: delta = residual/mu, where mu is the smallest eigenvalue of the Hessian (a lower bound of it where Lanczos left some doubt);
 * phi's finite difference D = |sum c (phi_nudged - phi_reference)| is wrong by at most the sum of |c| delta, and so, relatively, is what is
 * contrasted of it.
 */
export function estimateError(evidence: TrustEvidence): EstimateError {
  const [settling, rounding] = [settlingNoise(evidence), roundingNoise(evidence)];
  const noise = settling + rounding;
  const extrapolation = 2 ** evidence.order / (2 ** evidence.order - 1);
  const byHalf = worstOf(evidence.halved, 'half the nudge');
  const byOther = otherThatCounts(evidence);
  const half = byHalf === null ? Number.POSITIVE_INFINITY : extrapolation * byHalf.difference;
  const bias = Math.max(half, byOther?.difference ?? 0);
  // Noise goes as 1/beta, so the estimates at beta and beta/2 differ by up to three times that at beta.
  const shownByNoise = 3 * extrapolation * noise;
  return {
    bias,
    biasBeyondNoise: shownByNoise < bias ? bias - shownByNoise : 0,
    settling,
    rounding,
    noise,
    worst: half >= (byOther?.difference ?? 0) ? byHalf : byOther,
  };
}

/** Whether the inner loss curves upwards in every direction where the free phase ended. */
export function hasMinimum(evidence: TrustEvidence): boolean {
  return evidence.curvature !== null && evidence.curvature.smallest.value > singularBelow(evidence);
}

/** At or below this an eigenvalue of the evidence's Hessian cannot be told from 0. */
export function singularBelow({ curvature, precision }: TrustEvidence): number {
  const { smallest, largest } = curvature!;
  return singularFraction[precision] * Math.max(Math.abs(smallest.value), Math.abs(largest.value));
}

/** mu: what the smallest eigenvalue is at least, as far as Lanczos has found it. */
export function curvatureAtLeast(evidence: TrustEvidence): number {
  const { value, residual } = evidence.curvature!.smallest;
  return Math.max(value - residual, singularBelow(evidence));
}

/** The gradient that rounding phi makes, M u |phi| with M the largest eigenvalue: no number of steps goes below it for long. */
export function gradientFloor({ curvature, precision, phiNorm }: TrustEvidence): number {
  return curvature!.largest.value * unitRoundoff[precision] * phiNorm!;
}

const distance = ({ residual }: PhaseEnd, evidence: TrustEvidence): number =>
  residual / curvatureAtLeast(evidence);

function settlingNoise(evidence: TrustEvidence): number {
  return weighed(evidence, (phase) => distance(phase, evidence));
}

function roundingNoise(evidence: TrustEvidence): number {
  return weighed(evidence, () => stalledRoundings * unitRoundoff[evidence.precision] * evidence.phiNorm!);
}

/** The sum of |c| delta over the phases, of the finite difference of phi; 0 where every delta is. */
function weighed({ phases, displacement }: TrustEvidence, delta: (phase: PhaseEnd) => number): number {
  const sum = phases.reduce((total, phase) => total + phase.weight * delta(phase), 0);
  return sum === 0 ? 0 : sum / displacement!;
}

/** How far an estimator of higher order disagrees; null where there is none, or its phases settled too badly to tell. */
function otherThatCounts(evidence: TrustEvidence): Disagreement | null {
  const { other, order, displacement } = evidence;
  if (other === null || other.order <= order) return null;
  const disagreement = worstOf(other.agreement, 'another estimator');
  if (disagreement === null) return null;
  const noise = other.residual! / (curvatureAtLeast(evidence) * Math.abs(other.beta) * displacement!);
  return noise < disagreement.difference ? disagreement : null;
}

function worstOf(
  agreements: Readonly<Record<string, Agreement>> | null,
  compared: Disagreement['with'],
): Disagreement | null {
  if (agreements === null) return null;
  const all = Object.entries(agreements).map(([variable, each]) => ({ variable, with: compared, ...each }));
  return all.reduce((worst, each) => (each.difference > worst.difference ? each : worst));
}
