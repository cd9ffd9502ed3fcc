import type { Outcome } from '../../src/run/scenario/scenario';
import { statisticsOf } from './evaluate';
import type { VisionFacts } from './facts';
import { lambdaByBlock } from './lambda-map';
import type { MethodRun } from './run-method';

/** The numbers of a run, for `summary.json`. */
export function visionSummary(facts: VisionFacts): Outcome['summary'] {
  const { name, settings, resolved, row, network, samples, runs, rules } = facts;
  const { study, evaluation } = settings;
  const { minibatch, metaSteps, momentum, lambda } = resolved;
  return {
    scenario: name,
    row: settings.row,
    hyperparameters: settings.hyperparameters,
    study,
    images: {
      ...samples.names,
      training: resolved.train,
      heldOut: resolved.heldOut,
      test: samples.testCount,
      split: 'stratified',
      classesWithoutTrainingImage: samples.unseenClasses,
      normalisedBy: 'mean and deviation of each channel of the training and held-out images',
    },
    synapses: network.size,
    metaSteps,
    minibatch: minibatch === 0 ? null : minibatch,
    momentum,
    lambda,
    evaluation: {
      statistics: statisticsOf(network, evaluation.statistics),
      testSlice: Math.min(evaluation.slice, samples.testCount),
      testEvery: evaluation.every,
    },
    methods: Object.fromEntries(runs.map((run) => [run.label, summaryOf(run, facts)])),
    published: isPublishedRow(facts) ? row.published : null,
    rules,
  };
}

/** Whether the run has as many images as the row of the paper. */
export const isPublishedRow = ({ resolved, row }: Pick<VisionFacts, 'resolved' | 'row'>): boolean =>
  resolved.train === row.train && resolved.heldOut === row.heldOut;

function summaryOf({ method, settings, history, lambda }: MethodRun, { network }: VisionFacts) {
  const { train, heldOut, test, work, failure } = history;
  const ends = <T>(values: readonly T[]) => ({ before: values[0] ?? null, after: values.at(-1) ?? null });
  const ran = train.length;
  return {
    method: method.name,
    settings: settings.methods[method.name],
    failure,
    metaStepsTaken: failure === null ? ran - 1 : ran,
    train: ends(train),
    heldOut: ends(heldOut),
    bestHeldOut: bestOf(heldOut.map(({ accuracy }) => accuracy)),
    test: ends(test),
    meanResidual: meanResidual(history.residual),
    lambda: {
      ...ends(history.lambda),
      byLayer: lambdaByBlock(network, lambda),
    },
    gradientsPerMetaStep: ran === 0 ? null : work.gradients / ran,
    hessianVectorsPerMetaStep: ran === 0 ? null : work.hessianVectors / ran,
  };
}

/** The largest accuracy, and after how many meta-steps it first came. */
function bestOf(accuracies: readonly number[]) {
  if (accuracies.length === 0) return null;
  const accuracy = accuracies.reduce((best, value) => Math.max(best, value));
  return { accuracy, metaStep: accuracies.indexOf(accuracy) };
}

/** Over all learnings; null for a method without phases. */
export function meanResidual(residuals: MethodRun['history']['residual']) {
  if (residuals.length === 0) return null;
  const mean = (of: 'free' | 'nudged') =>
    residuals.reduce((sum, residual) => sum + residual[of], 0) / residuals.length;
  return { free: mean('free'), nudged: mean('nudged') };
}

/** A sentence for each method that came to nothing; undefined where none did. */
export function visionFailure({
  runs,
  settings,
}: Pick<VisionFacts, 'runs' | 'settings'>): string | undefined {
  const failed = runs.filter(({ history }) => history.failure !== null);
  // In a study, settings beyond which learning diverges are part of the answer.
  if (failed.length === 0 || (settings.study !== 'none' && failed.length < runs.length)) return undefined;
  const told = failed.map(({ label, history }) => `Method ${label} failed: ${history.failure}`);
  const others = runs.length - failed.length;
  return [...told, ...(others === 0 ? [] : ['The results of the other methods stand.'])].join(' ');
}
