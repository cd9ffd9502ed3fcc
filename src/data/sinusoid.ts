import { z } from 'zod';
import { sine } from '../core/arithmetic/trigonometry';
import type { RandomStream } from '../core/random';
import { validate } from '../core/validate';
import type { Batch } from './batch';
import type { EpisodeSource } from './episode-source';

/** What sinusoids are drawn: points of support and query, ranges of amplitude, phase and input. */
export interface SinusoidOptions {
  /** Training points a task. Default 10. */
  readonly support?: number;
  /** Held-out points a task. Default 10. */
  readonly query?: number;
  /** Amplitude is drawn uniformly between these. Default .1 to 5. */
  readonly amplitude?: readonly [number, number];
  /** Phase in radians is drawn uniformly between these. Default 0 to pi. */
  readonly phase?: readonly [number, number];
  /** Inputs are drawn uniformly between these. Default -5 to 5. */
  readonly range?: readonly [number, number];
}

const interval = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, '[low, high] with low <= high');

const sinusoidOptions = z.strictObject({
  support: z.int().min(1).default(10),
  query: z.int().min(1).default(10),
  amplitude: interval.default([0.1, 5]),
  phase: interval.default([0, Math.PI]),
  range: interval.default([-5, 5]),
});

/**
 * Sinusoid regression (Finn et al. 2017): a task is y = amplitude sin(x - phase), seen at a few points.
 * @throws InputError where a count is no whole number of 1 or more, or an interval is empty or not finite.
 */
export function sinusoids(options: SinusoidOptions = {}): EpisodeSource {
  const { amplitude, phase, range, support, query } = validate(
    sinusoidOptions,
    options,
    'the options of sinusoids',
  );
  return {
    name: 'sinusoid',
    sample(stream) {
      const height = stream.uniformBetween(...amplitude);
      const shift = stream.uniformBetween(...phase);
      const curve = (x: number): number => height * sine(x - shift);
      return { train: points(support, range, curve, stream), heldOut: points(query, range, curve, stream) };
    },
  };
}

function points(
  samples: number,
  [low, high]: readonly [number, number],
  curve: (x: number) => number,
  stream: RandomStream,
): Batch {
  const x = Float64Array.from({ length: samples }, () => stream.uniformBetween(low, high));
  return { samples, inputs: 1, targets: 1, x, y: x.map(curve) };
}
