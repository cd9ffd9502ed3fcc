import { everyRule, positive, scalars } from '../synapse/every-rule';
import type { Answers, Questions } from './problems';

/** All rules of the library and those of a user's penalty, as text. */
export const questions: Questions = {
  scalars,
  rules: everyRule.map(([name, rule]) => ({
    name,
    kernels: Object.fromEntries(rule.steps.map(({ writes, kernel }) => [writes, kernel.source])),
    positive: [...rule.reads, ...rule.writes].filter((quantity) => positive(rule, quantity)),
  })),
};

// Float32 as in the conformance suite. In Adam, 1 - 0.999 alone is off by 1.3e-5 in single precision.
const tolerances = { derivatives: 3e-6, settle: 1e-4 };

/** How far each answer is from the truth: the largest difference of any entry over the largest entry, as a part of what it may be. */
export function apart(answers: Answers, truth: Answers): Record<string, number> {
  return Object.fromEntries(
    Object.entries(truth).map(([name, values]) => {
      const tolerance = / (after|of) /.test(name) ? tolerances.settle : tolerances.derivatives;
      const difference = Math.max(...values.map((value, i) => Math.abs((answers[name]?.[i] ?? NaN) - value)));
      // Some rules write zeros, of which nothing may be left.
      const part = difference === 0 ? 0 : difference / Math.max(...values.map(Math.abs));
      return [name, part / tolerance];
    }),
  );
}

/** Those that are further from the truth than they may be, or not comparable. */
export const wrongOf = (parts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(parts).filter(([, part]) => !(part <= 1));
