import { numbersBelow } from '../../compare/metrics';

/** A line of `metrics.ndjson`. */
export type MetricRecord = Readonly<Record<string, unknown>>;

/**
 * The numbers of a record by their paths, as `metaplast compare` names those of a summary. Where a record lists `steps`, entries of its other lists are named
 * by them, `unseen[steps=10].mean`, and the last one is `[last]`; accuracies beside losses are `validation[last].accuracy.mean`.
 */
export function recordNumbers({
  metaStep: _,
  method: __,
  ...record
}: MetricRecord): ReadonlyMap<string, number | null> {
  const found = new Map<string, number | null>();
  const { steps, accuracies, ...rest } = record;
  if (!isList(steps)) {
    for (const [key, value] of Object.entries(record)) numbersBelow(value, key, found);
    return found;
  }
  for (const [key, value] of Object.entries(rest)) {
    const isByStep = isList(value) && value.length === steps.length;
    numbersBelow(isByStep ? byStep(value, steps, accuracies) : value, key, found);
  }
  return found;
}

function byStep(entries: readonly unknown[], steps: readonly unknown[], accuracies: unknown): unknown[] {
  return entries.map((entry, i) => ({
    steps: steps[i],
    ...(typeof entry === 'object' ? entry : { value: entry }),
    ...(isList(accuracies) ? { accuracy: accuracies[i] } : {}),
  }));
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
