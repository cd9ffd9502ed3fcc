import type { FewShotFacts, FewShotResult } from './facts';
import { inTheEnd } from './run-stream';

/**
 * Why a method came to nothing; null where it did not: it learned from none of its tasks, or every unseen task had left every bound after the most inner
 * steps that were asked for.
 */
export function failureOf(
  { history, trust }: Pick<FewShotResult, 'history' | 'trust'>,
  { unseen }: Pick<FewShotFacts, 'unseen'>,
): string | null {
  const { learned, skipped, firstSkipped, steps } = history;
  // Advice on an unseen task is advice on these only where that task diverges as well.
  const same = trust !== null && trust.evidence.diverged !== null;
  const advice = same && trust.advice !== null ? ` Try ${trust.advice}.` : '';
  if (learned === 0 && skipped > 0) {
    return `it learned from none of its ${skipped} tasks, all of which were skipped. The first: ${firstSkipped}${advice}`;
  }
  if (inTheEnd(history).diverged.at(-1) === unseen) {
    return `each of the ${unseen} unseen tasks diverges within ${steps.at(-1)} inner steps, so that it cannot be judged.${advice}`;
  }
  return null;
}

/** A sentence for each method that came to nothing; undefined where none did. One that did is a failed run, though the others' results stand. */
export function failureOfRun(facts: FewShotFacts): string | undefined {
  const failed = facts.results.flatMap((result) => {
    const why = failureOf(result, facts);
    return why === null ? [] : [`Method ${result.method.name} failed: ${why}`];
  });
  if (failed.length === 0) return undefined;
  const others = facts.results.length - failed.length;
  const stand =
    others === 0
      ? []
      : [`The results of the ${others === 1 ? 'other method' : `${others} other methods`} stand.`];
  return [...failed, ...stand].join(' ');
}
