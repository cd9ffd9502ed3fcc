import type { Figure } from '../../src/plot/figure';

/** What one of the benchmarks found. */
export interface Report {
  /** For `--json`. */
  readonly data: object;
  /** For people: one line each. */
  readonly lines: readonly string[];
  /** For `--figures`. */
  readonly figures?: readonly Figure[];
  /** What `--assert` exits with. */
  readonly exitCode: 0 | 1;
}
