import { z } from 'zod';
import { validate } from '../src/core/validate';
import type { Optimizer } from '../src/learning/optimizers';
import { defineRule } from '../src/synapse/rule';

export interface FixedPointOptions {
  /** Bits of a weight, 2 to 8, sign included. Default 8. */
  readonly bits?: number;
  /** The largest weight, a power of two; the smallest is its negative. Default 2. */
  readonly range?: number;
  /** What of a gradient a step takes, as a power of two: 2^-shift. Default 4. */
  readonly shift?: number;
}

/**
 * A weight of a few bits: its levels are whole numbers, it stays at its largest and smallest one, and a step that falls between two levels is rounded to
 * one of them by chance, in proportion, so that small gradients are not lost. Chance comes from a counter of the synapse's own, by the generator
 * c <- 75 c + 74 mod 2^16 + 1, mixed with its level. All of it is whole numbers and powers of two below 2^24, which float32 holds exactly: so every
 * engine and every executor gives the same bits, from the same gradient in float32.
 */
const fixedPointRule = defineRule('fixed point', {
  counter: function count(counter: number[]) {
    return (75 * counter[this.thread.x]! + 74) % 65537;
  },
  value: function step(
    value: number[],
    gradient: number[],
    counter: number[],
    levels: number,
    unit: number,
    limit: number,
    share: number,
  ) {
    const i = this.thread.x;
    const level = Math.min(Math.max(Math.round(value[i]! * levels), -limit - 1), limit);
    // In 256ths of a level, up to half of all levels.
    const whole = Math.min(Math.max(Math.round(gradient[i]! * levels * 256), -32768), 32767);
    const wanted = level - whole * share * 0.00390625;
    const mixed = (75 * ((counter[i]! + 257 * (level + limit + 1)) % 65537) + 74) % 65537;
    const chance = (mixed % 256) * 0.00390625;
    return Math.min(Math.max(Math.floor(wanted + chance), -limit - 1), limit) * unit;
  },
});

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

const schema = z.strictObject({
  bits: z.int().min(2).max(8).default(8),
  range: z.number().positive().refine(isPowerOfTwo, 'a power of two').default(2),
  shift: z.int().min(0).max(8).default(4),
});

/**
 * Steps of a synapse whose weight has a few bits.
 * @throws InputError where an option is not legal.
 */
export function fixedPoint(options: FixedPointOptions = {}): Optimizer {
  const { bits, range, shift } = validate(schema, options, 'the options of fixedPoint');
  const limit = 2 ** (bits - 1) - 1;
  const levels = 2 ** (bits - 1) / range;
  const scalars = { levels, unit: 1 / levels, limit, share: 2 ** -shift };
  return {
    name: 'fixed point',
    settings: { bits, range, shift },
    buffers: ['counter'],
    rule: fixedPointRule,
    scalarsAt: () => scalars,
  };
}
