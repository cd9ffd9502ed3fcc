import { numbersBelow } from '../metrics';
import { readRunFile } from '../read-run';

/** What a run recorded at its meta-steps: for each method and quantity, its value at each of them. */
export interface Course {
  /** null where the records name none. */
  readonly method: string | null;
  readonly quantity: string;
  readonly values: ReadonlyMap<number, number>;
}

/**
 * The courses over meta-steps in a run's `metrics.ndjson`: of every record that names its `metaStep`, each number.
 * @throws InputError where the file is not as the run wrote it.
 */
export function coursesOf(directory: string): Course[] {
  const found = new Map<string, { method: string | null; quantity: string; values: Map<number, number> }>();
  for (const line of readRunFile(directory, 'metrics.ndjson').split('\n')) {
    if (line === '') continue;
    const { metaStep, method, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof metaStep !== 'number') continue;
    const numbers = new Map<string, number | null>();
    for (const [key, value] of Object.entries(rest)) numbersBelow(value, key, numbers);
    const of = typeof method === 'string' ? method : null;
    for (const [quantity, value] of numbers) {
      if (value === null) continue;
      const key = JSON.stringify([of, quantity]);
      const course = found.get(key) ?? { method: of, quantity, values: new Map() };
      course.values.set(metaStep, value);
      found.set(key, course);
    }
  }
  return [...found.values()];
}
