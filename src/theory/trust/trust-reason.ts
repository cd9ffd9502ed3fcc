import { curvatureAtLeast, type EstimateError } from './estimate-error';
import { neuralTold, surrogateTold, whyNoGradient } from './neuron-reason';
import { percent } from './percent';
import type { TrustEvidence } from './trust-evidence';
import { type Fault, faultsOf, type Verdict } from './verdict';

/** The evidence behind a verdict, in a sentence or two with numbers. */
export function reasonFor(verdict: Verdict, evidence: TrustEvidence, error: EstimateError | null): string {
  if (verdict === 'no gradient') return whyNoGradient(evidence.field!);
  if (error === null) return whyNoEquilibrium(evidence);
  const { neurons } = evidence;
  const told: Record<Fault, () => string> = {
    biased: () => biasTold(evidence, error),
    noisy: () => noiseTold(evidence, error),
    surrogate: () => surrogateTold(neurons!, error),
    'unsettled neurons': () => neuralTold(neurons!, error),
  };
  const order: readonly Fault[] = verdict === 'good' ? whereGood : faultsOf(error);
  return order
    .filter((fault) => neurons !== undefined || fault === 'biased' || fault === 'noisy')
    .map((fault) => told[fault]())
    .join('; ');
}

/** Where no part is too large. */
const whereGood: readonly Fault[] = ['biased', 'noisy', 'surrogate', 'unsettled neurons'];

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
