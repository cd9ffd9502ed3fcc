import type { QuadraticProblem } from '../../src/theory/quadratic';
import type { QuadraticSettings } from './jobs';
import type { QuadraticRow } from './row';

/** What the figures of the quadratic problem are made from. */
export interface QuadraticFacts {
  readonly rows: readonly QuadraticRow[];
  /** As drawn, with the lambda at which phases converge. */
  readonly problem: QuadraticProblem;
  readonly settings: QuadraticSettings;
}

/** A figure, in the regime where the paper's claim can hold and in the one where it cannot. */
export interface Regime {
  readonly lambda: number;
  readonly converges: boolean;
  /** Behind the figure's name. */
  readonly suffix: string;
}
