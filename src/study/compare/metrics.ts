import { isGroup, withKey } from './leaf-path';

/** The numbers of a summary by their paths; null where the summary has null in a number's place, as JSON writes NaN and infinities. */
export type Metrics = ReadonlyMap<string, number | null>;

/** Fields that say of which step, task, ... an entry of a list is: entries are named by them, not by where in the list they stand. */
const coordinates = [
  ...['metaStep', 'steps', 'step', 'tasks', 'task', 'epoch', 'iteration', 'length', 'variables', 'points'],
  ...['total', 'lambda', 'beta', 'free', 'layer', 'parameter', 'name', 'label', 'method', 'id'],
];

/**
 * The numbers below a value. An entry of a list of objects is named by what it is of, `accuracy[steps=10].mean`, so that lists of other steps are never taken
 * for each other; where nothing tells them apart, by its index. The last entry is
 * `[last]` too.
 * @param most So many are found at most, the first.
 */
export function numbersBelow(
  value: unknown,
  path: string,
  found: Map<string, number | null>,
  most = Number.POSITIVE_INFINITY,
): void {
  if (found.size >= most) return;
  if (typeof value === 'number' || value === null) found.set(path, value);
  else if (Array.isArray(value)) numbersInList(value, path, found, most);
  else if (isGroup(value)) numbersInGroup(value, path, [], found, most);
}

function numbersInList(
  entries: readonly unknown[],
  path: string,
  found: Map<string, number | null>,
  most: number,
): void {
  const naming = namingFields(entries);
  for (const [i, entry] of entries.entries()) {
    if (found.size >= most) return;
    const fields = entry as Readonly<Record<string, unknown>>;
    const name = naming.map((field) => `${field}=${String(fields[field])}`).join(',');
    if (naming.length === 0) numbersBelow(entry, `${path}[${i}]`, found, most);
    // What names an entry is no number that was measured.
    else numbersInGroup(fields, `${path}[${name}]`, naming, found, most);
  }
  // Methods are measured after other steps each, and all of them in the end.
  if (naming.length > 0 && !path.includes('[')) {
    numbersInGroup(entries.at(-1) as Readonly<Record<string, unknown>>, `${path}[last]`, naming, found, most);
  }
}

function numbersInGroup(
  group: Readonly<Record<string, unknown>>,
  path: string,
  naming: readonly string[],
  found: Map<string, number | null>,
  most: number,
): void {
  for (const [key, part] of Object.entries(group)) {
    if (!naming.includes(key)) numbersBelow(part, withKey(path, key), found, most);
  }
}

/** As few of the coordinates as tell the entries of a list apart. */
function namingFields(entries: readonly unknown[]): string[] {
  if (entries.length === 0 || !entries.every(isGroup)) return [];
  const naming: string[] = [];
  for (const field of coordinates) {
    if (!entries.every((entry) => isName(entry[field]))) continue;
    naming.push(field);
    const names = entries.map((entry) => naming.map((each) => String(entry[each])).join(','));
    if (new Set(names).size === entries.length) return naming;
  }
  return [];
}

const isName = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^[\w+-][\w+.-]*$/.test(value));

/** What a run came to: the numbers of one method, or of the run where it has no methods. */
export interface Measured {
  /** null where the run's summary has no methods. */
  readonly method: string | null;
  readonly metrics: Metrics;
  /** Why this method failed in the run, where it did. */
  readonly failure: string | null;
}

/** Where the numbers of methods stand in what a metric is called: in any method's part. */
export const ofMethods = 'methods.*.';

/**
 * What a summary holds, for each of its methods: numbers of `methods.NAME` are called `methods.*`, so that methods can be compared; those that are
 * of the whole run belong to each.
 */
export function measuredIn(summary: Readonly<Record<string, unknown>>): Measured[] {
  const { methods, ...rest } = summary;
  const ofRun = new Map<string, number | null>();
  for (const [key, part] of Object.entries(rest))
    if (!isNoMetric(key)) numbersBelow(part, withKey('', key), ofRun);
  if (!isGroup(methods) || Object.keys(methods).length === 0 || !Object.values(methods).every(isGroup)) {
    if (methods !== undefined) numbersBelow(methods, 'methods', ofRun);
    return [{ method: null, metrics: ofRun, failure: null }];
  }
  return Object.entries(methods).map(([method, part]) => {
    const metrics = new Map(ofRun);
    const { failure, ...numbers } = part as Readonly<Record<string, unknown>>;
    for (const [key, below] of Object.entries(numbers))
      numbersBelow(below, withKey('methods.*', key), metrics);
    return { method, metrics, failure: typeof failure === 'string' ? failure : null };
  });
}

/** Whether a part of a summary says how it was made, or what was warned of. */
const isNoMetric = (key: string): boolean => ['scenario', 'warnings', 'rules', 'failure'].includes(key);
