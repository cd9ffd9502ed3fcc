import type { QuadraticFacts } from './facts';
import { bestRows } from './row';

/** What the best beta leaves of the error after the most steps, for a caption. */
export function bestInWords({ rows, settings }: QuadraticFacts, lambda: number): string {
  const steps = settings.steps.at(-1)!;
  const best = settings.points.map((points) =>
    bestRows(rows, [steps], lambda, points)[0]!.error.toPrecision(2),
  );
  const several = settings.points.length > 1;
  return `After ${steps} steps the best beta still leaves an error of ${best.join(', ')} (p = ${settings.points.join(', ')}${several ? ' in turn' : ''}).`;
}
