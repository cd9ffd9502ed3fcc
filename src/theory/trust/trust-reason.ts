import { curvatureAtLeast, type EstimateError } from './estimate-error';
import type { TrustEvidence } from './trust-evidence';
import type { Verdict } from './verdict';

/** The evidence behind a verdict, in a sentence or two with numbers. */
export function reasonFor(verdict: Verdict, evidence: TrustEvidence, error: EstimateError | null): string {
  if (error === null) return whyNoEquilibrium(evidence);
  const [bias, noise] = [biasTold(evidence, error), noiseTold(evidence, error)];
  return verdict === 'noisy' ? `${noise}; ${bias}` : `${bias}; ${noise}`;
}

function whyNoEquilibrium({ diverged, curvature, kink, phases }: TrustEvidence): string {
  if (diverged !== null) {
    const { beta, step } = diverged;
    return `the ${nameOf(beta)} left every bound at step ${step}`;
  }
  if (kink !== undefined) return `the free phase ended on a kink: ${kink}`;
  const { smallest, largest } = curvature!;
  const shape = smallest.value < 0 ? 'a saddle: it curves downwards' : 'flat';
  return (
    `the inner loss is ${shape} in some direction where the free phase ended (smallest Hessian eigenvalue ` +
    `${short(smallest.value)}, largest ${short(largest.value)}; gradient ${short(phases[0]!.residual)} after ${phases[0]!.steps} steps)`
  );
}

function biasTold({ beta, smaller }: TrustEvidence, { bias, worst }: EstimateError): string {
  if (worst === null) return 'no slow variable learns';
  const { cosine, normRatio, difference, variable } = worst;
  const by =
    smaller!.factor === 2 ? `halving beta = ${beta}` : `a beta ${smaller!.factor} times smaller than ${beta}`;
  const agree = `cosine ${cosine.toFixed(4)}, norm ratio ${normRatio.toFixed(3)}`;
  return `${by} moves the gradient of ${variable} by ${percent(difference)} (${agree}), a bias of about ${percent(bias)}`;
}

function noiseTold(evidence: TrustEvidence, { settling, rounding, noise }: EstimateError): string {
  const { phases, precision } = evidence;
  const largest = Math.max(...phases.map(({ residual }) => residual));
  const parts = [
    `phases ended with gradients of up to ${short(largest)} at curvatures down to ${short(curvatureAtLeast(evidence))}, noise of ${percent(settling)}`,
  ];
  if (rounding > noise / 100) parts.push(`rounding in ${precision} adds ${percent(rounding)}`);
  return parts.join(', ');
}

/** The phase of a nudge, for people. */
function nameOf(beta: number): string {
  return beta === 0 ? 'free phase' : `nudged phase (beta = ${beta})`;
}

const short = (value: number): string => value.toExponential(1);

/** For people, with two digits. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'any size';
  const value = 100 * share;
  return value >= 1000 ? `${value.toExponential(0)} %` : `${Number(value.toPrecision(2))} %`;
}
