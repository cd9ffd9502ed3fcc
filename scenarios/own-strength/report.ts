import { terminalChart } from '../../src/plot/terminal-chart';
import type { MetaLearned } from '../../src/run/meta-learn';
import type { FirstValuesSettings } from '../../src/run/scenario/synapse-settings';
import { ranBy, trustLines, trustSummary } from '../../src/run/trust/report-lines';
import type { Population } from '../../src/synapse/population';
import type { ExecutorReport } from '../../src/synapse/rule-executor';
import type { ExactCheck } from './exact-checks';
import type { StrengthHistory } from './history';
import { bestByHeldOut, type OneLambda } from './one-lambda';

export interface StrengthFacts extends MetaLearned<StrengthHistory> {
  /** The control: one lambda for all synapses, at several strengths. */
  readonly oneLambda: readonly OneLambda[];
  readonly settings: {
    readonly metaSteps: number;
    readonly beta: number;
    readonly free: { readonly tolerance: number };
    readonly synapse: FirstValuesSettings;
  };
  /** The scenario's name, what is learned in words, and a word for its loss. */
  readonly name: string;
  readonly subject: string;
  readonly word: string;
  /** The name of the synapses' strength. */
  readonly strength: string;
  readonly population: Population;
  readonly rules: ExecutorReport;
}

/** The numbers of a run, for `summary.json`. */
export function strengthSummary({ trust, history, unconverged, still, oneLambda, ...facts }: StrengthFacts) {
  const { train, heldOut, test, accuracy, residuals, checks } = history;
  const { name, settings, population, rules, strength } = facts;
  const index = mostChanged(history);
  const [free, nudged] = [history.phases[0]!, history.phases.at(-1)!];
  const strengths = history.strength.map((values) => values[index]!);
  return {
    scenario: name,
    metaSteps: settings.metaSteps,
    train: courseOf(train),
    heldOut: courseOf(heldOut),
    /** Null where no test data was put aside. */
    test: test.length === 0 ? null : courseOf(test),
    ...(accuracy.length === 0 ? {} : { testAccuracy: { before: accuracy[0]!, after: accuracy.at(-1)! } }),
    heldOutRatio: medianOfLastHalf(heldOut) / heldOut[0]!,
    testRatio: test.length === 0 ? null : medianOfLastHalf(test) / test[0]!,
    oneLambda: bestByHeldOut(oneLambda),
    residual: { largest: Math.max(...residuals), tolerance: settings.free.tolerance },
    unconvergedMetaSteps: unconverged,
    neverMoved: still,
    exactChecks: checks,
    trust: trustSummary(trust),
    synapse: {
      index,
      ...population.topology.connection(index),
      phi: {
        before: { free: free[0]![index]!, nudged: free[1]![index]! },
        after: { free: nudged[0]![index]!, nudged: nudged[1]![index]! },
      },
      [strength]: { before: strengths[0]!, after: strengths.at(-1)! },
    },
    rules,
  };
}

const courseOf = (losses: readonly number[]) => ({
  before: losses[0]!,
  after: losses.at(-1)!,
  medianOfLastHalf: medianOfLastHalf(losses),
});

/** The median over the second half of the meta-steps, since single ones may spike. */
function medianOfLastHalf(values: readonly number[]): number {
  const half = [...values.slice(Math.floor(values.length / 2))].sort((a, b) => a - b);
  const middle = (half.length - 1) / 2;
  return (half[Math.floor(middle)]! + half[Math.ceil(middle)]!) / 2;
}

/** The synapse whose strength changed most, by its logarithm where that exists. */
function mostChanged({ strength }: StrengthHistory): number {
  const [first, last] = [strength[0]!, strength.at(-1)!];
  const change = Array.from(first, (before, i) => Math.abs(Math.log((last[i]! + 1e-12) / (before + 1e-12))));
  return change.indexOf(Math.max(...change));
}

type Summary = ReturnType<typeof strengthSummary>;

/** The same for people. */
export function strengthReport(facts: StrengthFacts): string {
  const { trust, history, settings, population, rules, strength, subject, word } = facts;
  const summary = strengthSummary(facts);
  const { synapse, residual } = summary;
  const { fast } = population.model;
  const tasks = settings.metaSteps + 1;
  const from = synapse.from === null ? 'bias' : `input ${synapse.from}`;
  const [course, what] = history.test.length === 0 ? [history.heldOut, 'Held-out'] : [history.test, 'Test'];
  return [
    `${population.size} synapses learned ${subject} ${tasks} times. Between two times, each changed its own ${strength}.`,
    '',
    ...lossTable(summary, word),
    '',
    ...answer(summary, strength),
    '',
    terminalChart(course, { title: `${what} ${word}`, across: 'meta-step' }),
    '',
    'Can the meta-gradient be trusted?',
    ...summary.exactChecks.map(describeCheck),
    `  residuals: ${tasks - summary.unconvergedMetaSteps} of ${tasks} meta-steps converged in all phases; largest residual ${residual.largest.toExponential(1)}`,
    ...trustLines(trust),
    '',
    `One synapse's story: number ${synapse.index} (layer ${synapse.layer}, ${from} to unit ${synapse.to}), whose ${strength} changed most.`,
    `  before meta-learning: ${fast} settles at ${fixed(synapse.phi.before.free)}; with held-out data replayed (beta = ${settings.beta}) at ${fixed(synapse.phi.before.nudged)}`,
    `  after meta-learning:  ${fast} settles at ${fixed(synapse.phi.after.free)}; replayed at ${fixed(synapse.phi.after.nudged)}`,
    strengthLine(
      facts,
      history.strength.map((values) => values[synapse.index]!),
    ),
    '',
    terminalChart(
      history.strength.map((values) => values[synapse.index]!),
      { title: `${strength} of synapse ${synapse.index}`, across: 'meta-step' },
    ),
    '',
    ranBy(rules),
  ].join('\n');
}

/** What became of the strength of the synapse whose story is told. */
function strengthLine({ strength, population, settings }: StrengthFacts, course: readonly number[]): string {
  const [before, after] = [course[0]!, course.at(-1)!];
  const { anchor } = population.model;
  const to = anchor === null ? '' : ` ${anchor} = ${settings.synapse[anchor]}`;
  const now = after > before ? `held more tightly${to && ` to${to}`}` : `freer${to && ` to leave${to}`}`;
  return `  ${strength}: ${before.toPrecision(4)} before, ${after.toPrecision(4)} after: it is now ${now}.`;
}

function lossTable({ train, heldOut, test, testAccuracy }: Summary, word: string): string[] {
  const row = (name: string, { before, after, medianOfLastHalf }: Summary['train']) =>
    `  ${name.padEnd(19)}  ${fixed(before)}   ${fixed(after)}   ${fixed(medianOfLastHalf)}`;
  return [
    '                       before   after    median of the last half   (' +
      (word === 'mse' ? 'mean squared error, targets standardised)' : `${word})`),
    row('training data', train),
    row('held-out data', heldOut),
    ...(test === null ? [] : [row('test data', test)]),
    ...(testAccuracy === undefined ? [] : [accuracyLine(testAccuracy)]),
  ];
}

const accuracyLine = ({ before, after }: { before: number; after: number }): string =>
  `  of the test data, ${(100 * before).toFixed(1)} % were right before and ${(100 * after).toFixed(1)} % after`;

/** What the run says to the scenario's question: by data that neither learning nor meta-learning has seen. */
function answer({ heldOut, test, heldOutRatio, testRatio, oneLambda }: Summary, strength: string): string[] {
  const drives = `held-out data, which drives the meta-gradient, ${fixed(heldOut.medianOfLastHalf)}, ${changed(heldOutRatio)} than before`;
  if (test === null) {
    return [`Whether they generalise better is not known: there is no test data (test = 0). On ${drives}.`];
  }
  const verdict = testRatio! < 1 ? 'They generalise better' : 'They do not generalise better';
  return [
    `${verdict} than before, by test data, which nothing has learned from: ${fixed(test.medianOfLastHalf)}, which is ${changed(testRatio!)} than before.`,
    `(Medians of the last half of the run; on ${drives}.)`,
    ...(oneLambda === null ? [] : [control(oneLambda, test.medianOfLastHalf, strength)]),
  ];
}

/** Whether a strength each was worth it, beside one for all. */
function control({ lambda, test, converged }: OneLambda, each: number, strength: string): string {
  const still = converged ? '' : ', not settled yet';
  return (
    `One ${strength} for all synapses, ${lambda}, chosen by held-out data${still}: test ${fixed(test!)}. With a ${strength} each it is ` +
    `${changed(each / test!)}.`
  );
}

const changed = (ratio: number): string =>
  `${Math.abs(100 * (1 - ratio)).toFixed(0)} % ${ratio <= 1 ? 'lower' : 'higher'}`;

const fixed = (value: number): string => value.toFixed(4);

function describeCheck({
  metaStep,
  relativeError,
  smallestEigenvalue,
  refused,
}: { metaStep: number } & ExactCheck): string {
  if (refused !== null) return `  meta-step ${metaStep}: no exact gradient to compare with. ${refused}`;
  const percent = relativeError === null ? 'unknown' : `${(100 * relativeError).toFixed(2)} %`;
  return `  meta-step ${metaStep}: relative error ${percent} against the exact gradient (smallest Hessian eigenvalue ${smallestEigenvalue?.toExponential(1)})`;
}
