/** Which way a metric gets better; null where that is not known. */
export type Better = 'lower' | 'higher' | null;

/** What matters of the scenarios that come with metaplast, by patterns of `matchMetrics`: what a run came to in the end. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  boston: ['train.after', 'heldOut.after', 'test.after', 'test.medianOfLastHalf'],
  table: ['train.after', 'heldOut.after', 'test.after', 'test.medianOfLastHalf'],
  'one-synapse': ['heldOut.before', 'heldOut.after', 'omega', 'lambda'],
  local: ['methods.*.heldOutLoss[steps=0].mean', 'methods.*.heldOutLoss[last].mean'],
  sinusoid: ['methods.*.heldOutLoss[steps=0].mean', 'methods.*.heldOutLoss[last].mean'],
  tasks: [
    'methods.*.accuracy[last].mean',
    'methods.*.heldOutLoss[steps=0].mean',
    'methods.*.heldOutLoss[last].mean',
  ],
  omniglot: ['methods.*.accuracy[last].mean', 'methods.*.heldOutLoss[last].mean'],
  cifar10: visionMetrics(),
  mnist: visionMetrics(),
  toy: ['regimes[*].bestBetas[*].error'],
  bound: ['best[last].error', 'exponents.error', 'aboveBound'],
  quadratic: ['byPoints[*].fromClosedForm'],
  'permuted-mnist': [
    'methods.*.accuracy.mean',
    'methods.*.firstTask.atTheEnd.mean',
    'methods.*.forgetting.mean',
  ],
  cascade: ['chains[*].law.power', 'chains[*].law.rate'],
};

function visionMetrics(): readonly string[] {
  return ['heldOut.after.loss', 'heldOut.after.accuracy', 'test.after.loss', 'test.after.accuracy'].map(
    (path) => `methods.*.${path}`,
  );
}

/** The patterns of the metrics that a scenario shows where none is asked for; null where it is not among those that come with metaplast. */
export const chosenMetrics = (scenario: string): readonly string[] | null =>
  Object.hasOwn(chosen, scenario) ? chosen[scenario]! : null;

/** Where `train`, `heldOut` and `test` are mean losses by themselves. */
const namedByData = new Set(['boston', 'table', 'one-synapse']);

/** Words that say which way is better, wherever a metric is called by them. */
const words: readonly (readonly [word: RegExp, better: Better])[] = [
  [/^(halfWidth|metaStep|bestAfterTasks|from|to|seeds?|tasks|learned|smallest|largest)$/, null],
  [/accurac(y|ies)$/i, 'higher'],
  [/(loss|losses|error|errors|misfit|residual|residuals)$/i, 'lower'],
  [/^(diverged|skipped|forgetting|unconverged\w*|aboveBound|fromClosedForm)$/, 'lower'],
];

/** Which way a metric of a scenario is better, by the last of its words that says so. */
export function betterOf(scenario: string, metric: string): Better {
  const names = metric
    .replace(/\[[^\]]*\]/g, '')
    .split('.')
    .reverse();
  for (const name of names) {
    const found = words.find(([word]) => word.test(name));
    if (found !== undefined) return found[1];
    if (namedByData.has(scenario) && /^(train|heldOut|test)(Ratio)?$/.test(name)) return 'lower';
  }
  return null;
}

/** Of a scenario of somebody's own: metrics that are losses, errors or accuracies by their names, or else the first that there are. */
export function likelyMetrics(scenario: string, metrics: readonly string[]): string[] {
  const known = metrics.filter(
    (metric) =>
      betterOf(scenario, metric) !== null && !/^(trust|methods\.\*\.trust|residual)\b|\[last\]/.test(metric),
  );
  return (known.length > 0 ? known : metrics).slice(0, mostShown);
}

/** Columns that are shown unasked. */
const mostShown = 6;
