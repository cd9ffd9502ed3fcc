import type { GpuKernel } from '../../kernel/gpu/lower-for-gpu';
import type { Scalars } from '../../synapse/rule-executor';
import type { Handle } from './kernel-maker';
import type { Handles } from './plan';

/**
 * The numbers that a rule's kernels take over a chunk of steps. Those that stay the same cross over to the device once, the
 * others once a step.
 */
export interface NumberSchedule {
  /** Names of the numbers that change from step to step. */
  readonly changing: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

/** @param scalars of each step of the chunk */
export function numberSchedule(
  rule: string,
  kernels: readonly GpuKernel[],
  scalars: readonly Scalars[],
): NumberSchedule {
  const changing: string[] = [];
  const values: Record<string, number> = {};
  kernels.forEach(({ numbers, numbersOf }, kernel) => {
    const steps = scalars.map((given) => {
      const into = new Float64Array(numbers);
      numbersOf(given, into, 0);
      return into;
    });
    for (let place = 0; place < numbers; place++) {
      const name = nameOf(rule, kernel, place);
      const first = steps[0]![place]!;
      if (steps.every((step) => Object.is(step[place], first))) values[name] = first;
      else {
        changing.push(name);
        for (const [step, all] of steps.entries()) values[atStep(name, step)] = all[place]!;
      }
    }
  });
  return { changing, values };
}

/** Where a kernel of a rule finds its numbers at one step of the chunk, among a plan's values. */
export function numbersAt(
  rule: string,
  values: Handles,
  changing: readonly string[] = [],
  step = 0,
): (kernel: number, place: number) => Handle {
  return (kernel, place) => {
    const name = nameOf(rule, kernel, place);
    return values[changing.includes(name) ? atStep(name, step) : name]!;
  };
}

// No quantity has a name with a blank in it.
const nameOf = (rule: string, kernel: number, place: number): string => `${rule} ${kernel} ${place}`;
const atStep = (name: string, step: number): string => `${name} at ${step}`;
