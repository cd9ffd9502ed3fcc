import { power, slope } from '../../src/theory/slope';

/** The signal of the first memory behind each further one: how a chain of so many variables forgets. */
export interface Forgetting {
  readonly length: number;
  /** By age, from 0 on: relative to age 0. */
  readonly signal: readonly number[];
  /** The standard deviation over synapses that all memories together leave in u_1, relative to the signal at age 0, by age. */
  readonly spread: readonly number[];
}

export interface Law {
  /** What the signal falls by: the better fit, in logarithms, over the ages from `from` to `to`. */
  readonly kind: 'power of age' | 'exponential in age';
  readonly from: number;
  readonly to: number;
  /** d log signal / d log age. */
  readonly power: number;
  /** -d log signal / d age, per memory. */
  readonly rate: number;
  /** Root mean square of log signal about each fit. */
  readonly misfit: { readonly power: number; readonly exponential: number };
}

/** Below that, float64 has lost the signal in the rest. */
const lost = 1e-7;

/** Reads off the law by which a signal falls, from an age on to where it is lost; null where fewer than three ages are left. */
export function lawOf({ signal }: Forgetting, from: number): Law | null {
  const end = signal.findIndex((value) => !(value > lost));
  const to = (end < 0 ? signal.length : end) - 1;
  // As many ages in each factor of age, so that late ones do not outweigh the early ones.
  const ages = spacedAges(from, to);
  if (ages.length < 3) return null;
  const values = ages.map((age) => signal[age]!);
  const logs = values.map(Math.log);
  const [byPower, rate] = [power(ages, values), -slope(ages, logs)];
  const misfit = {
    power: rootMeanSquare(logs.map((value, i) => value - byPower * Math.log(ages[i]!))),
    exponential: rootMeanSquare(logs.map((value, i) => value + rate * ages[i]!)),
  };
  const kind = misfit.power < misfit.exponential ? 'power of age' : 'exponential in age';
  return { kind, from, to, power: byPower, rate, misfit };
}

/** Whole ages from one to another, at most sixteen in each factor of ten. */
export function spacedAges(from: number, to: number): number[] {
  const ages = new Set<number>();
  for (let log = Math.log10(Math.max(1, from)); 10 ** log <= to * (1 + 1e-12); log += 1 / 16)
    ages.add(Math.round(10 ** log));
  return [...ages].filter((age) => age >= from && age <= to);
}

/** About the mean. */
function rootMeanSquare(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
