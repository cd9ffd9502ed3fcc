import type { TrustInfo } from '../../protocol/runs';
import type { ChartData } from '../chart/chart-data';

export interface TrustLines {
  /** The beta of the smallest sum of errors, by the lines; null where one of the two is nothing. */
  readonly best: { readonly beta: number; readonly error: number } | null;
  readonly data: ChartData;
}

/** `β`, `β²`, `β³`: the bias's law. */
export const betaTo = (order: number): string =>
  `β${order === 1 ? '' : [...String(order)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;

/** `noise measured at β = 0.1; bias not known`: what is not known is not said to be 0. */
function measuredWords({ bias, settling, rounding }: NonNullable<TrustInfo['error']>, beta: number): string {
  const unknown = Object.entries({ bias, settling, rounding }).filter(([, value]) => value === null);
  if (unknown.length === 0) return `measured at β = ${beta}`;
  const what =
    bias === null ? 'noise' : settling === null && rounding === null ? 'bias' : 'what is known of the error';
  const names = unknown.map(([name]) => name).join(' and ');
  return `${what} measured at β = ${beta}; ${names} not known`;
}

/** The parts of the error, for people, by name; null where one is not known. */
export function errorParts({ error, neurons }: TrustInfo): readonly (readonly [string, number | null])[] {
  if (error === null) return [];
  const parts = (['bias', 'settling', 'rounding'] as const).map((name) => [name, error[name]] as const);
  if (neurons === null) return parts;
  return [...parts, ['surrogate', neurons.surrogate], ['neural', neurons.neural]];
}

/** So many powers of ten to either side of the run's beta. */
const decades = 2;
const points = 81;

/**
 * Errors of the meta-gradient by beta, from what was measured at one: bias B (beta / beta_0)^q, noise N beta_0 / beta, and their sum, which
 * is smallest where q B (beta / beta_0)^(q + 1) = N. Where one of the two is not known, what was measured is the other alone. Null where the verdict gives no errors, or not the beta that they are of.
 */
export function trustLines({ beta, order, error, tolerated }: TrustInfo): TrustLines | null {
  if (beta === null || !(beta > 0) || order === null || error === null) return null;
  const bias = error.bias ?? 0;
  const noise = (error.settling ?? 0) + (error.rounding ?? 0);
  if (!(bias > 0 || noise > 0)) return null;
  const biasAt = (at: number) => bias * (at / beta) ** order;
  const noiseAt = (at: number) => (noise * beta) / at;
  const bestBeta = bias > 0 && noise > 0 ? beta * (noise / (order * bias)) ** (1 / (order + 1)) : null;
  const best = bestBeta === null ? null : { beta: bestBeta, error: biasAt(bestBeta) + noiseAt(bestBeta) };
  const reach = [beta, ...(best === null ? [] : [best.beta])];
  const from = Math.min(...reach) / 10 ** decades;
  const to = Math.max(...reach) * 10 ** decades;
  const x = Array.from({ length: points }, (_, i) => from * (to / from) ** (i / (points - 1)));
  const line = (id: string, label: string, colour: string, of: (at: number) => number) => ({
    id,
    label,
    colour,
    x,
    y: x.map(of),
    points: false,
  });
  return {
    best,
    data: {
      x: { label: 'β', log: true },
      y: { label: 'relative error of the meta-gradient', log: true, include: [tolerated] },
      series: [
        ...(bias > 0 ? [line('bias', `bias, as ${betaTo(order)}`, 'var(--series-1)', biasAt)] : []),
        ...(noise > 0
          ? [line('noise', 'noise (settling and rounding), as 1/β', 'var(--series-2)', noiseAt)]
          : []),
        ...(bias > 0 && noise > 0
          ? [
              {
                ...line('sum', 'sum', 'var(--series-7)', (at) => biasAt(at) + noiseAt(at)),
                dash: [6, 3],
              },
            ]
          : []),
        {
          id: 'measured',
          label: measuredWords(error, beta),
          colour: 'var(--series-3)',
          x: [beta],
          y: [bias + noise],
          points: 'only',
        },
      ],
      marks: [
        { axis: 'y', at: tolerated, label: 'tolerated', colour: 'var(--bad)' },
        { axis: 'x', at: beta, label: 'this run' },
        ...(best === null
          ? []
          : [{ axis: 'x' as const, at: best.beta, label: 'smallest sum', colour: 'var(--good)' }]),
      ],
    },
  };
}
