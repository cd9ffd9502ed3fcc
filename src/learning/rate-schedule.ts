import { z } from 'zod';
import { InputError } from '../core/errors';
import { aFunction, validate } from '../core/validate';
import { type Optimizer, optimizerSchema } from './optimizers';

/** What the rate is multiplied by at step t = 1, 2, ...; above 0. */
export type RateSchedule = (step: number) => number;

const schema = z.strictObject({ optimizer: optimizerSchema, schedule: aFunction<RateSchedule>() });

/**
 * An optimiser whose rate changes as it goes on: rate * schedule(t) at its step t = 1, 2, ..., inside a task or between tasks.
 * @throws InputError where the optimiser has no rate; at a step also where the schedule gives no number above 0.
 */
export function scheduled(optimizer: Optimizer, schedule: RateSchedule): Optimizer {
  validate(schema, { optimizer, schedule }, 'the arguments of scheduled');
  const { withRate } = optimizer;
  return {
    ...optimizer,
    name: `${optimizer.name}, scheduled`,
    scalarsAt(step) {
      const scalars = optimizer.scalarsAt(step);
      if (scalars.rate === undefined) {
        const [got, legal] = [Object.keys(scalars), 'a scalar called rate'];
        throw new InputError({ what: `Optimiser "${optimizer.name}" has no rate to change`, got, legal });
      }
      return { ...scalars, rate: scalars.rate * factorAt(schedule, step) };
    },
    ...(withRate === undefined ? {} : { withRate: (rate: number) => scheduled(withRate(rate), schedule) }),
  };
}

function factorAt(schedule: RateSchedule, step: number): number {
  const factor = schedule(step);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new InputError({
    what: `The schedule of the rate gives no factor at step ${step}`,
    got: factor,
    legal: 'a number above 0',
  });
}

/**
 * Halved after every so many steps: 1 for steps 1 to `every`, 1/2 for the next, ...
 * @throws InputError where the number is not legal.
 */
export function halving(every: number): RateSchedule {
  const steps = validate(z.int().min(1), every, 'the steps between two halvings');
  return (step) => 0.5 ** Math.floor((step - 1) / steps);
}

/**
 * Falls from 1 at step 1 by the same amount with each step, and would be 0 at the one after the last of `total`; there, and behind, it stays at 1 / total.
 * @throws InputError where the number is not legal.
 */
export function linearDecay(total: number): RateSchedule {
  const steps = validate(z.int().min(1), total, 'the steps of linearDecay');
  return (step) => Math.max(1, steps - step + 1) / steps;
}
