import { InputError } from '../../core/errors';
import { validate } from '../../core/validate';
import type { Agreement } from './agreement';
import { type FieldEvidence, type PhaseEnd, type TrustEvidence, trustEvidenceSchema } from './trust-evidence';

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
  /** Of the surrogate loss that settled neurons are the gradient of: falls with b. 0 for credit by a backward pass, as the next. */
  readonly surrogate: number;
  /** Of neurons that have not settled: falls with more sweeps. */
  readonly neural: number;
  /** How far these two exceed what noise alone would show as them. */
  readonly surrogateBeyondNoise: number;
  readonly neuralBeyondNoise: number;
  /** What the bias is read from: the slow variable whose two estimates disagree most; null where nothing learns. */
  readonly worst: Disagreement | null;
}

/** How far the estimate at a smaller nudge disagrees in one slow variable. */
export interface Disagreement extends Agreement {
  readonly variable: string;
}

/** What phases leave of error in an estimate, relative to the gradient's norm. */
export interface Noise {
  readonly settling: number;
  readonly rounding: number;
}

/**
 * What an estimate's error is made of, from what was measured: the three terms of Theorem 2, B_in (delta + delta')/beta and
 * C beta/(1 + beta), with the constants that the problem itself shows.
 *
 * Bias: for an error of order q, estimates at beta and beta/F differ by (1 - F^-q) of it, so it is F^q/(F^q - 1) of their difference
 * (Richardson). The larger F, the less depends on what the error is between the two: where the estimate saturates as the theorem's term does, as
 * g/(1 + c beta), this is c beta/(1 + c beta/F), of a true c beta.
 * Noise: delta = residual/mu, where mu is the smallest eigenvalue of the Hessian (a lower bound of it where Lanczos left some doubt);
 * phi's finite difference D = |sum c (phi_nudged - phi_reference)| is wrong by at most the sum of |c| delta, and so, relatively, is what is
 * contrasted of it.
 * Neurons: with residuals r of those judged and R of those that have settled, the neural part is 1/(1 - R/r) of what these two differ by; the surrogate part is
 * that of Richardson, in b, among settled neurons.
 * @throws InputError where it is no evidence, or one of no equilibrium.
 */
export function estimateError(evidence: TrustEvidence): EstimateError {
  validate(trustEvidenceSchema, evidence, 'the evidence');
  if (evidence.smaller === null || !hasMinimum(evidence)) {
    throw new InputError({
      what: 'The evidence is of no equilibrium, so that there is no error to speak of',
      legal: 'evidence with a minimum and a smaller nudge, for which judgeTrust() gives an error',
    });
  }
  const { settling, rounding } = noiseOf(evidence);
  const { factor, agreement } = evidence.smaller!;
  const noise = settling + rounding;
  const extrapolation = richardson(factor, evidence.order);
  const worst = worstOf(agreement);
  const bias = agreement === null ? Number.POSITIVE_INFINITY : extrapolation * (worst?.difference ?? 0);
  // Noise goes as 1/beta, so the estimates at beta and beta/F differ by up to F + 1 times that at beta.
  const shownByNoise = (factor + 1) * extrapolation * noise;
  const biasBeyondNoise = beyond(bias, shownByNoise);
  return { bias, biasBeyondNoise, settling, rounding, noise, worst, ...neuronError(evidence, noise) };
}

type NeuronError = Pick<EstimateError, 'surrogate' | 'neural' | 'surrogateBeyondNoise' | 'neuralBeyondNoise'>;

function neuronError({ neurons }: TrustEvidence, noise: number): NeuronError {
  if (neurons === undefined)
    return { surrogate: 0, neural: 0, surrogateBeyondNoise: 0, neuralBeyondNoise: 0 };
  const { residual, settled, smaller, order } = neurons;
  const left = residual > 0 ? Math.min(settled.residual / residual, 1 / 2) : 0;
  const extrapolation = richardson(smaller?.factor ?? 2, order);
  const neural = (worstOf(settled.agreement)?.difference ?? unknown(settled.agreement)) / (1 - left);
  const surrogate = extrapolation * surrogateDifference(settled.agreement, smaller?.agreement ?? null);
  // Both estimates have the noise of the judged one.
  return {
    ...{ surrogate, neural },
    surrogateBeyondNoise: beyond(surrogate, 2 * extrapolation * noise),
    neuralBeyondNoise: beyond(neural, (2 * noise) / (1 - left)),
  };
}

type Agreements = Readonly<Record<string, Agreement>> | null;

/** Where nothing learns there is no error; where a phase diverged it is of any size. */
const unknown = (agreements: Agreements): number => (agreements === null ? Number.POSITIVE_INFINITY : 0);

/** What settled neurons differ by at another b, of the judged estimate's norm. */
function surrogateDifference(settled: Agreements, smaller: Agreements): number {
  if (settled === null || smaller === null) return Number.POSITIVE_INFINITY;
  const shares = Object.entries(smaller).map(([variable, { difference }]) =>
    difference === 0 ? 0 : difference * settled[variable]!.normRatio,
  );
  return Math.max(0, ...shares);
}

const richardson = (factor: number, order: number): number => factor ** order / (factor ** order - 1);

const beyond = (part: number, shown: number): number => (shown < part ? part - shown : 0);

/** Bias, noise and what neurons leave together. */
export function totalError({ bias, noise, surrogate, neural }: EstimateError): number {
  return bias + noise + surrogate + neural;
}

/** Up to this, what is measured of updates is rounding and the third derivative of the loss: they are its gradient. */
const gradientWithin = 1e-3;

/** Whether synapses follow the gradient of the loss, as far as was measured. */
export function isGradient(field: FieldEvidence | undefined): boolean {
  return field === undefined || field.difference <= gradientWithin;
}

/** The part of an estimate's error that its phases leave. */
export function noiseOf(evidence: TrustEvidence): Noise {
  return {
    settling: weighed(evidence, (phase) => phase.residual / curvatureAtLeast(evidence)),
    rounding: weighed(
      evidence,
      () => stalledRoundings * unitRoundoff[evidence.precision] * evidence.phiNorm!,
    ),
  };
}

/**
 * What rounding leaves in an estimate by neurons that are nudged by b: they move by b times what synapses learn from, so that a gradient of theirs has roundings
 * of 1/b, and phases end that far from their equilibria.
 */
export function roundingOfNudge(evidence: TrustEvidence, nudge: number): number {
  const rounding = unitRoundoff[evidence.precision] / nudge;
  return weighed(evidence, () => rounding / curvatureAtLeast(evidence));
}

/** Whether the inner loss curves upwards in every direction where the free phase ended. */
export function hasMinimum(evidence: TrustEvidence): boolean {
  return evidence.curvature !== null && evidence.curvature.smallest.value > singularBelow(evidence);
}

/** At or below this an eigenvalue of the evidence's Hessian cannot be told from 0. */
function singularBelow({ curvature, precision, neurons }: TrustEvidence): number {
  const { smallest, largest } = curvature!;
  const rounding = singularFraction[precision] * Math.max(Math.abs(smallest.value), Math.abs(largest.value));
  return Math.max(rounding, neurons?.asymmetry ?? 0);
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

/** The sum of |c| delta over the phases, of the finite difference of phi; 0 where every delta is. */
function weighed({ phases, displacement }: TrustEvidence, delta: (phase: PhaseEnd) => number): number {
  const sum = phases.reduce((total, phase) => total + phase.weight * delta(phase), 0);
  return sum === 0 ? 0 : sum / displacement!;
}

function worstOf(agreements: Readonly<Record<string, Agreement>> | null): Disagreement | null {
  const all = Object.entries(agreements ?? {}).map(([variable, each]) => ({ variable, ...each }));
  if (all.length === 0) return null;
  return all.reduce((worst, each) => (each.difference > worst.difference ? each : worst));
}
