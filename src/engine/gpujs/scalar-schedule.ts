import type { InnerStep } from '../engine';
import type { Handles } from './plan';

/**
 * The numbers of an optimiser over a chunk of steps. Those that stay the same cross over to the device once, the
 * others once a step.
 */
export interface ScalarSchedule {
  /** Names of the scalars that change from step to step. */
  readonly changing: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

export function scalarSchedule({ rule, scalarsAt }: InnerStep, first: number, steps: number): ScalarSchedule {
  const all = Array.from({ length: steps }, (_, k) => scalarsAt(first + k));
  const changing = rule.scalars.filter((name) => all.some((scalars) => scalars[name] !== all[0]![name]));
  const values: Record<string, number> = {};
  all.forEach((scalars, step) => {
    for (const name of rule.scalars) {
      if (step === 0 || changing.includes(name)) values[valueName(name, step, changing)] = scalars[name]!;
    }
  });
  return { changing, values };
}

/** The rule's scalars at one step of the chunk, by name, out of a plan's values. */
export function scalarsOf(
  values: Handles,
  rule: InnerStep['rule'],
  step: number,
  changing: readonly string[],
) {
  return Object.fromEntries(rule.scalars.map((name) => [name, values[valueName(name, step, changing)]!]));
}

/** A scalar may have the name of a quantity; a plan's values tell them apart. */
function valueName(scalar: string, step: number, changing: readonly string[]): string {
  return changing.includes(scalar) ? `scalar ${scalar} ${step}` : `scalar ${scalar}`;
}
