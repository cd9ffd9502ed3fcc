import type { Outcome } from '../../src/run/scenario/scenario';
import { finished, type PermutedFacts } from './facts';
import { finalMean, forgettingByTask, meanForgetting, meansSoFar, overSeeds } from './forgetting';
import type { SequentialMethod } from './methods/method';
import type { MethodRun } from './run-method';

/** The numbers of a run, for `summary.json`. */
export function permutedSummary(facts: PermutedFacts): Outcome['summary'] {
  const { settings, methods, runs, rules } = facts;
  return {
    scenario: 'permuted-mnist',
    tasks: settings.tasks,
    epochs: settings.epochs,
    minibatch: settings.minibatch,
    hidden: settings.hidden,
    synapses: runs[0]!.synapses,
    judgedBy: settings.judgedBy,
    methods: Object.fromEntries(methods.map((method) => [method.name, summaryOf(method, facts)])),
    rules,
  };
}

function summaryOf(method: SequentialMethod, facts: PermutedFacts) {
  const runs = finished(facts, method);
  const of = (value: (matrix: number[][]) => number) =>
    runs.length === 0 ? null : overSeeds(runs.map(({ history }) => value(history.accuracy)));
  return {
    title: method.title,
    reference: method.reference,
    settings: facts.settings[method.name],
    accuracy: of(finalMean),
    firstTask: { afterIt: of((matrix) => matrix[0]![0]!), atTheEnd: of((matrix) => matrix.at(-1)![0]!) },
    forgetting: of(meanForgetting),
    bySeed: facts.runs.filter((run) => run.method.name === method.name).map(rowOf),
  };
}

function rowOf({ seed, history, watched }: MethodRun) {
  const { accuracy: matrix, failure, courses } = history;
  const row = { seed, failure, matrix };
  if (failure !== null) return row;
  return {
    ...row,
    accuracy: finalMean(matrix),
    accuracySoFar: meansSoFar(matrix),
    forgetting: meanForgetting(matrix),
    forgettingByTask: forgettingByTask(matrix),
    synapses: watched.map((synapse, i) => ({
      synapse,
      atTheEnd: Object.fromEntries(Object.entries(courses).map(([name, rows]) => [name, rows.at(-1)![i]])),
    })),
  };
}

/** A sentence for each method and seed that came to nothing; undefined where none did. */
export function permutedFailure({ runs }: Pick<PermutedFacts, 'runs'>): string | undefined {
  const failed = runs.filter(({ history }) => history.failure !== null);
  if (failed.length === 0) return undefined;
  const said = failed.map(({ label, history }) => `Method ${label} failed: ${history.failure}`);
  return [...said, ...(failed.length < runs.length ? ['The other results stand.'] : [])].join(' ');
}
