import { type CreditSettings, changedWords } from '../../network/credit/credit-words';
import type { Change } from './adjustable';
import type { EstimateError } from './estimate-error';
import type { TrustEvidence } from './trust-evidence';

/** Credit as it is typed, `equilibrium:nudge=0.005:sweeps=80`, changed; without settings that it has not. */
type CreditChange = readonly Change[];

/** Left by neurons at rest: above this they may be the reason why synapses do not settle. */
const unsettled = 1e-2;

/** More sweeps, in the order that settles best where they have another one. */
export function neuronsThatSettle(
  { neurons }: TrustEvidence,
  present: Change,
  neural: number,
  target: number,
): CreditChange[] {
  if (neurons === undefined) return [];
  const enough = sweepsFor(neurons, neural, target);
  const best: CreditSettings = { dt: null, order: 'top-down' };
  const sweeps = [1, 4, 16].map((factor) => roundedUp(factor * enough));
  return [
    changedTo(present, [best]),
    changedTo(
      present,
      sweeps.map((count) => ({ sweeps: count })),
    ),
    changedTo(
      present,
      sweeps.map((count) => ({ ...best, sweeps: count })),
    ),
  ];
}

/** The same where nothing else is known than how far from rest they are left. */
export function neuronsFarFromRest(evidence: TrustEvidence, present: Change): CreditChange[] {
  const residual = evidence.neurons?.residual ?? 0;
  return residual > unsettled ? neuronsThatSettle(evidence, present, residual, unsettled) : [];
}

/** A smaller b, by the order of the surrogate's error; the source whose error is of second order, where theirs is of first. */
export function weakerNudge(
  { neurons }: TrustEvidence,
  present: Change,
  { surrogate }: EstimateError,
  target: number,
): CreditChange[] {
  if (neurons === undefined) return [];
  const { nudge, order } = neurons;
  const less = Number.isFinite(surrogate) ? (surrogate / target) ** (1 / order) : 4;
  const weaker = [1, 4].map((more) => ({ nudge: Number((nudge / less / more).toPrecision(1)) }));
  return [
    changedTo(present, weaker),
    ...(order === 1 ? [[{ credit: changedWords('dual', { nudge })! }]] : []),
  ];
}

/** Sources of credit that are the gradient of a loss. */
export const sourcesWithLoss: CreditChange[] = [
  [{ credit: 'dual' }, { credit: 'dual:nudge=0.01' }],
  [{ credit: 'equilibrium:nudge=0.005:sweeps=100' }],
];

/**
 * Error and residual fall by the same share a sweep, as far as is known: that between the judged neurons and those that have settled.
 */
function sweepsFor(
  { sweeps, residual, settled }: NonNullable<TrustEvidence['neurons']>,
  neural: number,
  target: number,
): number {
  const digits = Math.log(residual / settled.residual);
  const share = Math.log(neural / target) / digits;
  const more = share > 0 && Number.isFinite(share) ? share * (settled.sweeps - sweeps) : settled.sweeps;
  return sweeps + Math.max(1, more);
}

function changedTo({ credit }: Change, settings: readonly CreditSettings[]): CreditChange {
  if (typeof credit !== 'string') return [];
  const words = settings.map((each) => changedWords(credit, each));
  return words.flatMap((other) => (other === null || other === credit ? [] : [{ credit: other }]));
}

function roundedUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}
