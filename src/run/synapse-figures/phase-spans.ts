import type { Span } from '../../plot/figure';
import type { Stretch } from './inner-clock';

type Extent = Pick<Stretch, 'beta' | 'begin' | 'end'>;

/**
 * Phases on an axis of inner steps, for `Panel.spans`: labelled with their beta, and shaded by the sign of it. One that was at its
 * equilibrium before it took a step has no extent, and is left out.
 */
export function phaseSpans(stretches: readonly Extent[]): Span[] {
  return stretches.filter(({ begin, end }) => begin < end).map(phaseSpan);
}

function phaseSpan({ beta, begin, end }: Extent): Span {
  const shade = beta === 0 ? 'pale' : beta > 0 ? 'warm' : 'cool';
  return { from: begin, to: end, label: phaseLabel(beta), brief: numberOf(beta), shade };
}

/** Three times 0.1 is no text for a person. */
const numberOf = (beta: number): string => String(Number(beta.toPrecision(6))).replace('-', '−');

/** `free`, `beta = 0.1`, `beta = −0.1`. */
export function phaseLabel(beta: number): string {
  return beta === 0 ? 'free' : `beta = ${numberOf(beta)}`;
}

/** What the shades mean, for a caption, as far as they occur. */
export function shadesInWords(betas: readonly number[]): string {
  const told = [
    ...(betas.some((beta) => beta > 0) ? ['yellow, nudged ones with beta above 0'] : []),
    ...(betas.some((beta) => beta < 0) ? ['blue, nudged ones with beta below 0'] : []),
  ];
  return `Shaded: phases, with their beta above them; grey, free ones${told.map((one) => `; ${one}`).join('')}.`;
}
