import type { Figure, Panel, Point, Series } from '../../src/plot/figure';
import {
  type BoundConstants,
  corollaryBound,
  errorBound,
  optimalBeta,
  optimalBound,
} from '../../src/theory/bound';
import { betaGrid, decades } from '../shared/beta-grid';
import { betaAxis, inColoursOfTheirOwn } from '../shared/error-axis';

/** As in the paper's figures. */
const ones: BoundConstants = { inner: 1, outer: 1, curvature: 1 };
const boundAxis = { label: 'bound on the error', scale: 'log' } as const;
const deltaAxis = { label: "delta = delta'", scale: 'log' } as const;

const betas = betaGrid({ from: -4, to: 2, perDecade: 16 });
const shownBetas = decades({ from: -3, to: 1, perDecade: 1 });
const deltas = betaGrid({ from: -6, to: 0, perDecade: 16 });
const shownDeltas = decades({ from: -5, to: -1, perDecade: 1 });

/** Where delta + delta' reaches C / B_in: from here on no beta is best. */
const limit = { axis: 'x', at: 0.5, label: "delta + delta' = C / B_in" } as const;

const against = (x: readonly number[], y: (x: number) => number): Point[] =>
  x.map((value) => ({ x: value, y: y(value) }));

/** Figs 1, S1 and S2: the bound of Theorem 2 and Corollary 1, with all constants 1. */
export function boundFigures(): Figure[] {
  return [figureOne(), figureS1(), figureS2()];
}

function figureOne(): Figure {
  const curve = (delta: number): Point[] =>
    against(betas, (beta) => errorBound(ones, { free: delta, nudged: delta }, beta));
  return {
    name: 'figure-1',
    title: 'The bound of Theorem 2',
    caption:
      "A: each curve has one best beta, and is flat at large ones; dashed, where delta + delta' is C / B_in or more, it has none and falls with beta to the end. B: more exact phases help until beta alone sets the bound.",
    panels: [
      {
        title: 'A: against beta',
        x: betaAxis,
        y: boundAxis,
        series: inColoursOfTheirOwn([
          ...shownDeltas.map((delta) => ({ label: `delta = ${delta}`, points: curve(delta) })),
          ...[0.5, 1].map((delta) => ({ label: `delta = ${delta}`, points: curve(delta), dashed: true })),
        ]),
      },
      {
        title: "B: against delta = delta'",
        x: deltaAxis,
        y: boundAxis,
        series: inColoursOfTheirOwn(againstDelta()),
      },
    ],
  };
}

/** A curve for each beta. */
function againstDelta(): Series[] {
  return shownBetas.map((beta) => ({
    label: `beta = ${beta}`,
    points: against(deltas, (delta) => errorBound(ones, { free: delta, nudged: delta }, beta)),
  }));
}

function figureS1(): Figure {
  const curve = (free: number): Point[] =>
    against(betas, (beta) => errorBound(ones, { free, nudged: 0.01 }, beta));
  return {
    name: 'figure-s1',
    title: "The bound of Theorem 2 with delta' = 0.01",
    caption:
      "A free phase much more exact than the nudged one gains nothing: the lowest curves coincide. Dashed, where delta + delta' is above C / B_in, no beta is best.",
    panels: [
      {
        x: betaAxis,
        y: boundAxis,
        series: [
          ...decades({ from: -4, to: -1, perDecade: 1 }).map((free) => ({
            label: `delta = ${free}`,
            points: curve(free),
          })),
          { label: 'delta = 1', points: curve(1), dashed: true },
        ],
      },
    ],
  };
}

function figureS2(): Figure {
  const solvable = deltas.filter((delta) => delta < limit.at);
  const at = (of: typeof optimalBound) => (delta: number) => of(ones, { free: delta, nudged: delta });
  const best: Panel = {
    title: 'A: best bound',
    x: deltaAxis,
    y: boundAxis,
    series: [
      { label: 'at the best beta', points: against(solvable, at(optimalBound)) },
      { label: 'as Corollary 1 states it', points: against(solvable, at(corollaryBound)), dashed: true },
      ...againstDelta().map((series) => ({ ...series, dashed: true })),
    ],
    marks: [limit],
  };
  const beta: Panel = {
    title: 'B: best beta',
    x: deltaAxis,
    y: { label: 'best beta', scale: 'log' },
    series: [{ label: 'beta*', group: 'at the best beta', points: against(solvable, at(optimalBeta)) }],
    marks: [limit],
  };
  return {
    name: 'figure-s2',
    title: 'Corollary 1: the best bound, and the beta that reaches it',
    caption:
      'The best bound touches from below the bounds at each fixed beta (dashed, as in Fig. 1B), and falls with the root of delta, as its beta does. At the limit beta* is infinite; beyond it there is none.',
    panels: [best, beta],
  };
}
