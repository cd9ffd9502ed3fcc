import { type Part, parts } from './kernel-costs';
import type { RecordedStep } from './recorded-step';

/** Milliseconds of a step, by part. */
export type Profile = Readonly<Record<Part, number>>;

/** Takes the calls of a step in their order, many times, with the clock read between them: caches are as in a real step. */
export function profile({ calls }: RecordedStep, steps: number): Profile {
  const spent = new Float64Array(calls.length);
  for (let step = 0; step < steps; step++) {
    let begin = performance.now();
    for (let i = 0; i < calls.length; i++) {
      calls[i]!.run();
      const end = performance.now();
      spent[i]! += end - begin;
      begin = end;
    }
  }
  const sums = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  calls.forEach(({ part }, i) => {
    sums[part] += spent[i]! / steps;
  });
  return sums;
}
