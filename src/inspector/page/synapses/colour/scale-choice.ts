import { type ColourRange, rangeOf, type Spread } from './colour-range';

/**
 * What the ends of the colours are: fixed over time, the 1 % and 99 % quantiles (`robust`) or the least and the largest (`full`) of rows
 * spread over the trace; or the least and the largest of the row shown (`frame`).
 */
export const scaleChoices = ['robust', 'full', 'frame'] as const;
export type ScaleChoice = (typeof scaleChoices)[number];

/** Ends that the user has set for a variable. */
export interface OwnEnds {
  readonly variable: string;
  readonly low: number;
  readonly high: number;
}

/** In the URL: `phi:-0.5:0.5`. Undefined for anything else, and where the lower end is not the lower. */
export function endsFromText(text: string): OwnEnds | undefined {
  const parts = text.split(':');
  const [low, high] = parts.slice(-2).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.length < 3 || !Number.isFinite(low) || !Number.isFinite(high) || !(low! < high!))
    return undefined;
  return { variable: parts.slice(0, -2).join(':'), low: low!, high: high! };
}

export const textOfEnds = ({ variable, low, high }: OwnEnds): string => `${variable}:${low}:${high}`;

/**
 * @param own Ends that the user has set, which go before the choice.
 * @param fixed Of rows spread over the trace; null until they are there: until then the row shown takes their place.
 * @param frame Of the row shown.
 * @param difference Whether the numbers are differences, which have a sign even where all are positive.
 */
export function chosenRange(
  choice: ScaleChoice,
  own: Pick<OwnEnds, 'low' | 'high'> | undefined,
  fixed: Spread | null,
  frame: Spread | null,
  difference: boolean,
): ColourRange | null {
  if (own !== undefined) {
    const { low, high } = own;
    return { kind: low < 0 && high > 0 ? 'diverging' : 'sequential', low, high };
  }
  const spread = choice === 'frame' ? frame : (fixed ?? frame);
  if (spread === null) return null;
  return rangeOf(spread, choice === 'robust', difference || spread.least < 0);
}
