import { terminalChart } from '../../src/plot/terminal-chart';
import { ranBy } from '../../src/run/trust/report-lines';
import { statisticsOf } from './evaluate';
import type { VisionFacts } from './facts';
import { type MethodRun, percent } from './run-method';
import { isPublishedRow, meanResidual } from './summary';

/** What a run came to, for people. */
export function visionReport(facts: VisionFacts): string {
  const { resolved, samples, network, runs, rules, settings } = facts;
  const learned = runs.filter(({ history }) => history.train.length > 0);
  return [
    `${network.size} synapses learned ${resolved.train} images of ${samples.names.train}, phi from the same start each time; ` +
      `${resolved.heldOut} held-out images say how each lambda is to change.`,
    '',
    ...table(learned, facts),
    '',
    ...(settings.study === 'none' ? answer(learned) : studied(settings.study)),
    ...published(facts),
    ...evaluation(facts),
    ...runs.flatMap(({ label, history: { failure } }) =>
      failure === null ? [] : [`${label} failed: ${failure}.`],
    ),
    ...(settings.study === 'none' ? learned.flatMap((run) => story(run)) : []),
    '',
    ranBy(rules),
  ].join('\n');
}

function table(runs: readonly MethodRun[], { seconds }: VisionFacts): string[] {
  const change = (values: readonly { readonly accuracy: number }[]): string =>
    `${percent(values[0]!.accuracy)} -> ${percent(values.at(-1)!.accuracy)}`;
  return columns([
    ['accuracy before -> after', 'training', 'held out', 'test', 'seconds'],
    ...runs.map(({ label, history: { train, heldOut, test } }) => [
      label,
      change(train),
      change(heldOut),
      change(test),
      seconds(label).toFixed(1),
    ]),
  ]);
}

/** Columns side by side, the first to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
    return `  ${cells.join('  ')}`;
  });
}

/** Who tells more held-out and test images apart. */
function answer(runs: readonly MethodRun[]): string[] {
  const [first, second] = runs;
  if (first === undefined) return [];
  const last = ({ history: { heldOut, test } }: MethodRun) => ({
    heldOut: heldOut.at(-1)!.accuracy,
    test: test.at(-1)!.accuracy,
  });
  const own = last(first);
  const { title } = first.method;
  if (second === undefined) {
    const { heldOut, test } = first.history;
    const gain = (values: readonly { readonly accuracy: number }[]) =>
      points(tenths(values.at(-1)!.accuracy) - tenths(values[0]!.accuracy));
    return [
      `By the ${title}, ${percent(own.heldOut)} of the held-out and ${percent(own.test)} of the test images are told right: ` +
        `${gain(heldOut)} and ${gain(test)} than with the first lambda.`,
    ];
  }
  return runs.slice(1).map((run) => {
    const other = last(run);
    return (
      `The ${title} tells ${percent(own.heldOut)} of the held-out images right, ${beside(own.heldOut, other.heldOut, run.method.title)}; ` +
      `of the test images ${percent(own.test)}, ${beside(own.test, other.test, run.method.title)}.`
    );
  });
}

/** How many more images are told right than by another method. */
function beside(own: number, other: number, title: string): string {
  const difference = tenths(own) - tenths(other);
  return difference === 0 ? `as many as ${title}` : `${points(difference)} than ${title}`;
}

/** A share as it is told: in tenths of a percent, so that differences are those of the numbers that are read. */
const tenths = (share: number): number => Number((100 * share).toFixed(1)) / 100;

const points = (difference: number): string =>
  `${Math.abs(100 * difference).toFixed(1)} points ${difference < 0 ? 'less' : 'more'}`;

const studied = (study: 'steps' | 'beta'): string[] => [
  study === 'beta'
    ? 'Each line is a run of its own; the nudging strength is the contrastive rule’s alone, so other methods have no part in this study.'
    : 'Each line is a run of its own.',
];

function published(facts: VisionFacts): string[] {
  const { row, settings, runs } = facts;
  if (!isPublishedRow(facts) || settings.study !== 'none') return [];
  const told = runs.flatMap(({ method: { name, title } }) => {
    if (name !== 'contrastive' && name !== 't1t2') return [];
    const { heldOut, test } = row.published[name];
    return [`${title} ${heldOut[0]} +- ${heldOut[1]} held out and ${test[0]} +- ${test[1]} test`];
  });
  if (told.length === 0) return [];
  return [`The paper's Table 1 has, in percent over 12 seeds: ${told.join('; ')}.`];
}

const byStatistics = {
  batch:
    "Batch norm evaluated with each batch's own statistics: of all training images, of all held-out images, of each slice of test images.",
  running:
    'Batch norm evaluated with the running statistics of the training images, as phi had learned them.',
};

/** How the numbers were measured. */
function evaluation({ settings, network, samples }: VisionFacts): string[] {
  const { slice, every } = settings.evaluation;
  const slices = slice < samples.testCount ? `, in slices of ${slice}` : '';
  const by = statisticsOf(network, settings.evaluation.statistics);
  const statistics = by === null ? '' : ` ${byStatistics[by]}`;
  const missing =
    samples.unseenClasses.length === 0 ? '' : ` No training image is of ${samples.unseenClasses.join(', ')}.`;
  return [
    `Judged by ${samples.testCount} test images${slices}, every ${every} meta-steps and at the end.${statistics}${missing}`,
  ];
}

/** One method's phases, lambda, and course. */
function story({ label, method, history, settings }: MethodRun): string[] {
  const { heldOut, residual, lambda } = history;
  const mean = meanResidual(residual);
  const last = lambda.at(-1)!;
  const lines = ['', `${label}: ${method.summary}.`];
  if (mean !== null)
    lines.push(
      `  The step budget defines the phases: at their ends the gradient's norm is ${mean.free.toPrecision(2)} (free) and ${mean.nudged.toPrecision(2)} (nudged) in the mean.`,
    );
  lines.push(
    `  Lambda is ${last.mean.toPrecision(3)} in the mean (first ${settings.lambda.start}), ${last.largest.toPrecision(3)} at the most; ${percent(last.zero)} of the synapses are free (lambda = 0).`,
  );
  if (heldOut.length < 2) return lines;
  const title = '  Accuracy on held-out images, in percent';
  return [
    ...lines,
    terminalChart(
      heldOut.map(({ accuracy }) => 100 * accuracy),
      { title, across: 'meta-step' },
    ),
  ];
}
