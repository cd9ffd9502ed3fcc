import { powerLabel } from './power-label';

/** Where a logarithmic axis is marked. */
export interface LogTicks {
  /** Ticks with a label. */
  readonly labelled: readonly { readonly value: number; readonly label: string }[];
  /** Ticks without one. */
  readonly bare: readonly number[];
}

/** The most ticks with a label. */
const most = 8;

/**
 * Ticks at powers of ten; where a domain holds fewer than three of them, at 1, 2, 5 times these; where it holds fewer than
 * three of those, at equal distances. Labels are plain numbers from 0.001 to 10,000, and powers where one lies outside.
 */
export function logTicks(from: number, to: number): LogTicks {
  const decades = multiples([1], from, to);
  if (decades.length >= 3) return byDecades(decades, from, to);
  const few = multiples([1, 2, 5], from, to);
  if (few.length >= 3) return { labelled: labelled(few), bare: multiples([3, 4, 6, 7, 8, 9], from, to) };
  return { labelled: labelled(equallySpaced(from, to)), bare: [] };
}

/** The same for an axis of counts, which has a 0 before the 1. */
export function logTicksWithZero(from: number, to: number): LogTicks {
  const zero = from <= 0 ? labelled([0]) : [];
  const first = Math.max(1, from);
  const decades = multiples([1], first, to);
  const ticks =
    decades.length >= 3
      ? byDecades(decades, first, to)
      : { labelled: labelled(multiples([1, 2, 5], first, to)), bare: [] };
  return { ...ticks, labelled: [...zero, ...ticks.labelled] };
}

function byDecades(decades: readonly number[], from: number, to: number): LogTicks {
  const step = Math.ceil(decades.length / most);
  const values = decades.filter((value) => Math.round(Math.log10(value)) % step === 0);
  const bare = step === 1 ? multiples([2, 3, 4, 5, 6, 7, 8, 9], from, to) : decades;
  return { labelled: labelled(values), bare };
}

/** These factors of each power of ten, as far as they lie in the domain. */
function multiples(factors: readonly number[], from: number, to: number): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const exponents = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const all = exponents.flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)));
  return all.filter((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9));
}

/** Three to eight round values. */
export function equallySpaced(from: number, to: number): number[] {
  const exponent = Math.floor(Math.log10((to - from) / 3));
  const size = [5, 2, 1]
    .map((factor) => Number(`${factor}e${exponent}`))
    .find((step) => (to - from) / step >= 3)!;
  const first = Math.ceil(from / size - 1e-9);
  const count = Math.floor(to / size + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * size).toPrecision(12)));
}

function labelled(values: readonly number[]): LogTicks['labelled'] {
  const plain = values.every((value) => value === 0 || (value >= 0.001 && value <= 10_000));
  return values.map((value) => ({
    value,
    label: plain ? value.toLocaleString('en-US', digits) : powerLabel(value),
  }));
}

const digits = { maximumSignificantDigits: 12 };
