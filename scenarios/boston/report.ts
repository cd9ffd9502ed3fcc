import { terminalChart } from '../../src/plot/terminal-chart';
import { ranBy, trustLines, trustSummary } from '../../src/run/trust/report-lines';
import type { Population } from '../../src/synapse/population';
import type { ExecutorReport } from '../../src/synapse/rule-executor';
import type { Trust } from '../../src/theory/trust/trust';

/** What the scenario saw, meta-step by meta-step; the last entry is after the last meta-update. */
export interface BostonHistory {
  train: number[];
  heldOut: number[];
  /** The largest residual of the meta-step's phases. */
  residuals: number[];
  /** How many meta-steps had a phase that did not converge. */
  unconverged: number;
  checks: {
    metaStep: number;
    relativeError: number | null;
    smallestEigenvalue: number | null;
    refused: string | null;
  }[];
  /** phi at the end of the free and of the first nudged phase, before and after meta-learning. */
  phases: Float64Array[][];
  lambda: Float64Array[];
}

export interface BostonFacts {
  /** The meta-gradient at the end of the run, judged. */
  readonly trust: Trust;
  readonly history: BostonHistory;
  readonly settings: {
    readonly metaSteps: number;
    readonly beta: number;
    readonly free: { tolerance: number };
  };
  readonly population: Population;
  readonly rules: ExecutorReport;
}

/** The numbers of a run, for `summary.json`. */
export function bostonSummary({ trust, history, settings, population, rules }: BostonFacts) {
  const { train, heldOut, residuals, checks } = history;
  const index = mostChanged(history);
  const [free, nudged] = [history.phases[0]!, history.phases.at(-1)!];
  const lambdas = history.lambda.map((lambda) => lambda[index]!);
  return {
    scenario: 'boston',
    metaSteps: settings.metaSteps,
    train: { before: train[0]!, after: train.at(-1)! },
    heldOut: { before: heldOut[0]!, after: heldOut.at(-1)!, medianOfLastHalf: medianOfLastHalf(heldOut) },
    heldOutRatio: medianOfLastHalf(heldOut) / heldOut[0]!,
    residual: { largest: Math.max(...residuals), tolerance: settings.free.tolerance },
    unconvergedMetaSteps: history.unconverged,
    exactChecks: checks,
    trust: trustSummary(trust),
    synapse: {
      index,
      ...population.topology.connection(index),
      phi: {
        before: { free: free[0]![index]!, nudged: free[1]![index]! },
        after: { free: nudged[0]![index]!, nudged: nudged[1]![index]! },
      },
      lambda: { before: lambdas[0]!, after: lambdas.at(-1)! },
    },
    rules,
  };
}

/** The median over the second half of the meta-steps, since single ones may spike. */
function medianOfLastHalf(values: readonly number[]): number {
  const half = [...values.slice(Math.floor(values.length / 2))].sort((a, b) => a - b);
  const middle = (half.length - 1) / 2;
  return (half[Math.floor(middle)]! + half[Math.ceil(middle)]!) / 2;
}

/** The synapse whose lambda changed most, by its logarithm where that exists. */
function mostChanged({ lambda }: BostonHistory): number {
  const [first, last] = [lambda[0]!, lambda.at(-1)!];
  const change = Array.from(first, (before, i) => Math.abs(Math.log((last[i]! + 1e-12) / (before + 1e-12))));
  return change.indexOf(Math.max(...change));
}

/** The same for people. */
export function bostonReport(facts: BostonFacts): string {
  const { trust, history, settings, population, rules } = facts;
  const summary = bostonSummary(facts);
  const { synapse, heldOut, train, residual } = summary;
  const synapses = population.size;
  const gain = 100 * (1 - summary.heldOutRatio);
  const from = synapse.from === null ? 'bias' : `input ${synapse.from}`;
  const fixed = (value: number) => value.toFixed(4);
  return [
    `${synapses} synapses learned Boston housing ${settings.metaSteps + 1} times. Between two times, each changed its own lambda.`,
    '',
    '                       before   after   (mean squared error, targets standardised)',
    `  training data        ${fixed(train.before)}   ${fixed(train.after)}`,
    `  held-out data        ${fixed(heldOut.before)}   ${fixed(heldOut.after)}`,
    `  median of the last half of the run, held out: ${fixed(heldOut.medianOfLastHalf)}, which is ${Math.abs(gain).toFixed(0)} % ${gain >= 0 ? 'lower' : 'higher'} than before.`,
    '',
    terminalChart(history.heldOut, { title: 'Held-out mse', across: 'meta-step' }),
    '',
    'Can the meta-gradient be trusted?',
    ...summary.exactChecks.map(describeCheck),
    `  residuals: ${settings.metaSteps + 1 - summary.unconvergedMetaSteps} of ${settings.metaSteps + 1} meta-steps converged in all phases; largest residual ${residual.largest.toExponential(1)}`,
    ...trustLines(trust),
    '',
    `One synapse's story: number ${synapse.index} (layer ${synapse.layer}, ${from} to unit ${synapse.to}), whose lambda changed most.`,
    `  before meta-learning: phi settles at ${fixed(synapse.phi.before.free)}; with held-out data replayed (beta = ${settings.beta}) at ${fixed(synapse.phi.before.nudged)}`,
    `  after meta-learning:  phi settles at ${fixed(synapse.phi.after.free)}; replayed at ${fixed(synapse.phi.after.nudged)}`,
    `  lambda: ${synapse.lambda.before.toPrecision(4)} before, ${synapse.lambda.after.toPrecision(4)} after: it is now ${synapse.lambda.after > synapse.lambda.before ? 'held more tightly to' : 'freer to leave'} omega = 0.`,
    '',
    terminalChart(
      history.lambda.map((lambda) => lambda[synapse.index]!),
      { title: `lambda of synapse ${synapse.index}`, across: 'meta-step' },
    ),
    '',
    ranBy(rules),
  ].join('\n');
}

function describeCheck({
  metaStep,
  relativeError,
  smallestEigenvalue,
  refused,
}: BostonHistory['checks'][number]): string {
  if (refused !== null) return `  meta-step ${metaStep}: no exact gradient to compare with. ${refused}`;
  const percent = relativeError === null ? 'unknown' : `${(100 * relativeError).toFixed(2)} %`;
  return `  meta-step ${metaStep}: relative error ${percent} against the exact gradient (smallest Hessian eigenvalue ${smallestEigenvalue?.toExponential(1)})`;
}
