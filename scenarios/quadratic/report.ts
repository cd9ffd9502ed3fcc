import { augmentedCurvature } from '../../src/theory/quadratic';
import { power, slope } from '../../src/theory/slope';
import type { QuadraticFacts } from './facts';
import { bestRows, type QuadraticRow, smallest } from './row';

/** Within these the converged error is a power of beta: its next order below some percent, rounding far below it. */
const smallBetas = { from: 10 ** -2.6, to: 10 ** -1.4 };

/** Where phases that have converged keep nine digits of the closed form: below, rounding is divided by too small a beta. */
const digitsKept = { from: 1e-3, to: 1 };

/** Best errors fall exponentially with steps between these: above, phases are too short; below, rounding is near. */
const exponential = { from: 1e-8, to: 2e-2 };

/** The numbers of a run, for `summary.json`. */
export function quadraticSummary(facts: QuadraticFacts) {
  const { settings } = facts;
  return {
    scenario: 'quadratic',
    estimates: facts.rows.length,
    byPoints: settings.points.map((points) => ({
      points,
      ...convergedSummary(facts, points),
      ...bestSummary(facts, points),
      smallLambda: bestByStep(facts, settings.smallLambda, points),
    })),
    shared: sharedSummary(facts),
  };
}

/**
 * How far the simulation is from the closed form; the order of the finite difference's error in beta, p - 1 in theory;
 * what it saturates at, 1 in theory.
 */
function convergedSummary({ rows }: QuadraticFacts, points: number) {
  const converged = rows.filter((row) => row.purpose === 'converged' && row.points === points);
  const small = converged.filter(({ beta }) => beta > smallBetas.from && beta < smallBetas.to);
  const kept = converged.filter(({ beta }) => beta >= digitsKept.from && beta <= digitsKept.to);
  const largest = converged.at(-1)!;
  return {
    fromClosedForm: kept.length === 0 ? null : Math.max(...kept.map(({ fromClosedForm }) => fromClosedForm!)),
    order: readOff(
      small,
      power,
      ({ beta }) => beta,
      ({ error }) => error,
    ),
    atLargestBeta: { beta: largest.beta, error: largest.error },
  };
}

/**
 * How the best error and its beta fall with steps, in powers of ten a step. In theory the distances fall as rho^steps, where rho
 * is the larger of |1 - rate x smallest / largest curvature| and |1 - rate|; the best error as their power (p-1)/p and its beta as their power 1/p: there
 * a distance/beta + b beta^(p-1) is least.
 */
function bestSummary(facts: QuadraticFacts, points: number) {
  const { problem, settings } = facts;
  const best = bestRows(facts.rows, settings.steps, settings.lambda, points);
  const regime = best.filter(
    ({ error, beta }) =>
      error > exponential.from &&
      error < exponential.to &&
      beta > 10 ** settings.grid.from &&
      beta < 10 ** settings.grid.to,
  );
  const curvature = augmentedCurvature(problem, 0);
  const { rate } = settings;
  const slowest = Math.abs(1 - (rate * curvature.smallest) / curvature.largest);
  const contraction = Math.log10(Math.max(slowest, Math.abs(1 - rate)));
  const perStep = (y: 'error' | 'beta') =>
    readOff(
      regime,
      slope,
      ({ free }) => free,
      (row) => Math.log10(row[y]),
    );
  return {
    best: bestByStep(facts, settings.lambda, points),
    decadesAStep: {
      error: { measured: perStep('error'), predicted: ((points - 1) / points) * contraction },
      beta: { measured: perStep('beta'), predicted: contraction / points },
    },
  };
}

function bestByStep({ rows, settings }: QuadraticFacts, lambda: number, points: number) {
  return bestRows(rows, settings.steps, lambda, points).map(({ free, error, beta }) => ({
    steps: free,
    error,
    beta,
  }));
}

/** The best share of a fixed number of steps, for each beta. */
function sharedSummary({ rows, settings }: QuadraticFacts) {
  const shared = rows.filter(({ purpose, lambda }) => purpose === 'shared' && lambda === settings.lambda);
  return [...new Set(shared.map(({ beta }) => beta))].map((beta) => {
    const of = shared.filter((row) => row.beta === beta);
    const best = smallest(of);
    // Within a factor of two of the best.
    const plateau = of.filter(({ error }) => error <= 2 * best.error).map(({ free }) => free);
    return {
      beta,
      free: best.free,
      of: settings.total,
      error: best.error,
      plateau: { from: Math.min(...plateau), to: Math.max(...plateau) },
    };
  });
}

/** A law read off from rows; null where there are too few for one. */
function readOff(
  rows: readonly QuadraticRow[],
  law: (x: readonly number[], y: readonly number[]) => number,
  x: (row: QuadraticRow) => number,
  y: (row: QuadraticRow) => number,
): number | null {
  return rows.length < 3 ? null : law(rows.map(x), rows.map(y));
}

/** The same for people. */
export function quadraticReport(summary: ReturnType<typeof quadraticSummary>): string {
  return [
    `${summary.estimates} estimates of one meta-gradient, each compared with the exact one.`,
    '',
    ...summary.byPoints.flatMap(({ points, best, ...law }) => [
      `p = ${points}`,
      `  converged phases: ${orderInWords(points, law)}; at beta = ${law.atLargestBeta.beta} it is ${fixed(law.atLargestBeta.error)}`,
      `  ${closedFormInWords(law)}`,
      `  best error over beta: ${best.map((row) => `${row.error.toExponential(1)} after ${row.steps}`).join(', ')} steps`,
      `  its beta:             ${best.map((row) => row.beta.toExponential(1)).join(', ')}`,
      `  ${fallInWords(law)}`,
    ]),
    '',
    'Steps shared by two phases, p = 2:',
    ...summary.shared.map(
      ({ beta, free, of, error, plateau }) =>
        `  beta = ${beta}: best with ${free} of ${of} in the free phase (error ${error.toExponential(1)}), at most twice that from ${plateau.from} to ${plateau.to}`,
    ),
    '',
    'Figures S3 to S6 are drawn in plots/; also with a lambda too small for the phases to converge.',
  ].join('\n');
}

type Laws = ReturnType<typeof quadraticSummary>['byPoints'][number];

const fixed = (value: number): string => value.toFixed(3);

function orderInWords(points: number, { order }: Pick<Laws, 'order'>): string {
  if (order !== null) return `error = O(beta^${fixed(order)}), in theory ${points - 1}`;
  const { from, to } = smallBetas;
  return `no three betas between ${from.toPrecision(1)} and ${to.toPrecision(1)}, so that the order of the error is not known (in theory ${points - 1})`;
}

function closedFormInWords({ fromClosedForm }: Pick<Laws, 'fromClosedForm'>): string {
  const { from, to } = digitsKept;
  return fromClosedForm === null
    ? `no beta lies between ${from} and ${to}, where phases that have converged are compared with the closed form`
    : `from the closed form they differ by ${fromClosedForm.toExponential(1)} at most, for beta from ${from} to ${to}`;
}

function fallInWords({ decadesAStep: { error, beta } }: Pick<Laws, 'decadesAStep'>): string {
  const [inTheory, itsBeta] = [fixed(error.predicted), fixed(beta.predicted)];
  if (error.measured !== null && beta.measured !== null) {
    return `powers of ten a step: error ${fixed(error.measured)} (in theory ${inTheory}), beta ${fixed(beta.measured)} (${itsBeta})`;
  }
  const { from, to } = exponential;
  return `no three best errors lie between ${from} and ${to}, so that their fall by step is not known (in theory error ${inTheory}, beta ${itsBeta} powers of ten)`;
}
