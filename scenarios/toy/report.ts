import { ranBy } from '../../src/run/trust/report-lines';
import type { ExecutorReport } from '../../src/synapse/rule-executor';
import type { ToyError, ToyGrid } from './errors';
import { type BestBeta, bestBetas, type Plateau, plateaus } from './findings';

/** What was measured with one strength of the synapses. */
export interface MeasuredRegime {
  lambda: number;
  /** Where the exact meta-gradient was taken; null where there is none. */
  minimum: {
    readonly smallestEigenvalue: number;
    readonly largestEigenvalue: number;
    readonly residual: number;
    readonly steps: number;
  } | null;
  /** Why there is none. */
  refused: string | null;
  errors: ToyError[];
  /** Nudging strengths whose phases diverged, by the free phase that they started from. */
  diverged: { readonly free: number; readonly beta: number }[];
}

export interface ToyFacts {
  readonly settings: ToyGrid & { readonly estimator: string };
  readonly regimes: readonly MeasuredRegime[];
  readonly rules: ExecutorReport;
}

/** The numbers of a run, for `summary.json`; every error is in `metrics.ndjson`. */
export function toySummary({ settings, regimes, rules }: ToyFacts) {
  return {
    scenario: 'toy',
    estimator: settings.estimator,
    regimes: regimes.map(({ errors, ...regime }) => ({
      ...regime,
      bestBetas: bestBetas(errors, settings.steps),
      plateaus: plateaus(errors, settings.allocation),
    })),
    rules,
  };
}

/** The same for people. */
export function toyReport(facts: ToyFacts): string {
  const { regimes, rules } = toySummary(facts);
  return [
    `Estimator ${facts.settings.estimator} on Boston housing, beside the exact meta-gradient of lambda (implicit function theorem, full Hessian).`,
    ...regimes.flatMap((regime) => ['', ...describeRegime(regime)]),
    '',
    ranBy(rules),
  ].join('\n');
}

type SummarisedRegime = ReturnType<typeof toySummary>['regimes'][number];

function describeRegime({ lambda, minimum, refused, bestBetas, plateaus }: SummarisedRegime): string[] {
  if (minimum === null) return [`lambda = ${lambda}: nothing to measure by. ${refused}`];
  const found = `lambda = ${lambda}: the inner loss has a minimum, found in ${minimum.steps} steps (residual ${minimum.residual.toExponential(1)}, curvature ${minimum.smallestEigenvalue.toExponential(1)} to ${minimum.largestEigenvalue.toPrecision(3)})`;
  const lengths = bestBetas.length > 0 && [
    '  steps in each phase   residual   best beta   error there   at the smallest, the largest beta',
    ...bestBetas.map(describeBest),
  ];
  const allocations = plateaus.length > 0 && [
    '  of all steps   beta    best share   error there   shares of up to 1.5 times it   worst / best',
    ...plateaus.map(describePlateau),
  ];
  return [
    found,
    ...(lengths || ['  phases of one length: every nudged phase diverged, so that there is no estimate']),
    ...(allocations || ['  shared steps: every nudged phase diverged, so that there is no estimate']),
  ];
}

function describeBest({ steps, residual, beta, error, ends }: BestBeta): string {
  const cells = [`${steps}`.padStart(21), residual.toExponential(1).padStart(11), `${beta}`.padStart(12)];
  return `${cells.join('')}${percent(error).padStart(14)}   ${ends.map(percent).join(', ')}`;
}

function describePlateau({ total, beta, share, error, from, to, spread }: Plateau): string {
  const cells = [`${total}`.padStart(14), `${beta}`.padStart(7), `${share}`.padStart(14)];
  return `${cells.join('')}${percent(error).padStart(14)}   ${`${from} to ${to}`.padEnd(30)}${spread.toPrecision(3)}`;
}

const percent = (error: number): string => `${(100 * error).toPrecision(3)} %`;
