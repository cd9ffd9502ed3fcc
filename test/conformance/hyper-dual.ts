/**
 * Numbers a + b e + c d + m e d with e^2 = d^2 = 0 (Fike and Alonso 2011). A program run on them gives, with no
 * step size and no truncation error, its value, its derivatives along two directions, and the mixed second one.
 */
export interface HyperDual {
  readonly value: number;
  readonly first: number;
  readonly second: number;
  readonly mixed: number;
}

export const hyperDual = (value: number, first = 0, second = 0): HyperDual => ({
  value,
  first,
  second,
  mixed: 0,
});

export const plus = (a: HyperDual, b: HyperDual): HyperDual => ({
  value: a.value + b.value,
  first: a.first + b.first,
  second: a.second + b.second,
  mixed: a.mixed + b.mixed,
});

export const times = (a: HyperDual, b: HyperDual): HyperDual => ({
  value: a.value * b.value,
  first: a.first * b.value + a.value * b.first,
  second: a.second * b.value + a.value * b.second,
  mixed: a.mixed * b.value + a.first * b.second + a.second * b.first + a.value * b.mixed,
});

export const scaled = (a: HyperDual, factor: number): HyperDual => ({
  value: a.value * factor,
  first: a.first * factor,
  second: a.second * factor,
  mixed: a.mixed * factor,
});

/** f(a), from the value of f and of its first two derivatives at a. */
export const applied = (a: HyperDual, value: number, slope: number, curvature: number): HyperDual => ({
  value,
  first: slope * a.first,
  second: slope * a.second,
  mixed: slope * a.mixed + curvature * a.first * a.second,
});
