import type { EstimateError } from './estimate-error';
import { percent } from './percent';
import type { FieldEvidence, NeuronEvidence } from './trust-evidence';

/** What neurons that have not settled leave, in words. */
export function neuralTold(neurons: NeuronEvidence, { neural }: EstimateError): string {
  const { residual, sweeps, settled } = neurons;
  const at = `neurons end ${percent(residual)} from rest (of where they begin) in ${sweeps} sweeps`;
  const by = `settled by ${settled.sweeps} sweeps`;
  const { agreement } = settled;
  if (agreement === null) return `${at}; ${by}, a phase of the same rates leaves every bound`;
  return `${at}; ${by}, they move the meta-gradient by ${most(agreement)}, a neural error of about ${percent(neural)}`;
}

/** What the surrogate loss of a b leaves, in words. */
export function surrogateTold(
  { kind, nudge, smaller }: NeuronEvidence,
  { surrogate }: EstimateError,
): string {
  const by = `a nudge ${smaller?.factor} times smaller than ${nudge} of ${kind}`;
  const agreement = smaller?.agreement ?? null;
  if (agreement === null) return `${by} could not be compared with`;
  return `${by} moves the meta-gradient of settled neurons by ${most(agreement)}, a surrogate error of about ${percent(surrogate)}`;
}

/** Why there is no meta-gradient by some updates. */
export function whyNoGradient({ kind, difference, cosine, asymmetry }: FieldEvidence): string {
  return (
    `by ${kind} synapses follow updates that no loss is known for: where the free phase ended they differ from the gradient of the loss by ` +
    `${percent(difference)} of their norm (cosine ${cosine.toFixed(2)}, by differences of the loss), and ${percent(asymmetry)} of their Jacobian ` +
    'is antisymmetric (0 % for a gradient), so that the contrast of phases is the derivative of nothing'
  );
}

/** The variable that moves most. */
function most(agreement: Readonly<Record<string, { readonly difference: number }>>): string {
  const all = Object.entries(agreement);
  if (all.length === 0) return '0 %, since no slow variable learns';
  const [variable, { difference }] = all.reduce((worst, each) =>
    each[1].difference > worst[1].difference ? each : worst,
  );
  return `${percent(difference)} in ${variable}`;
}
