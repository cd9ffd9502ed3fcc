import { isGroup, withKey } from './leaf-path';

/** Settings of a run by their paths. One that is not there is absent, which is no value: null, false, 0 and "" are values. */
export type Settings = ReadonlyMap<string, unknown>;

/** The settings below a value, by path. Lists are values as a whole, and so is an object without keys. */
export function settingsBelow(value: unknown, path = ''): [path: string, value: unknown][] {
  return [...eachSetting(value, path)];
}

/** The same one by one: who needs only the first need not wait for all. */
export function* eachSetting(value: unknown, path = ''): Generator<[path: string, value: unknown]> {
  if (!isGroup(value)) return yield [path, value];
  const keys = Object.keys(value);
  if (keys.length === 0 && path !== '') yield [path, value];
  for (const key of keys) yield* eachSetting(value[key], withKey(path, key));
}

/** A value as text that is the same for equal values only, in whatever order their keys stand; of what is absent, a text that no value has. */
export function canonical(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isGroup(value)) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${parts.join(',')}}`;
}

/** The paths of settings that do not have one value in all of some runs, in the order in which the runs have them. */
export function differingPaths(all: readonly Settings[]): string[] {
  const first = new Map<string, string>();
  const differing = new Set<string>();
  for (const path of pathsOf(all)) {
    for (const settings of all) {
      const value = canonical(settings.get(path));
      const before = first.get(path);
      if (before === undefined) first.set(path, value);
      else if (before !== value) differing.add(path);
    }
  }
  return [...differing];
}

/** Every path that any of some runs has, in order of its name but for those of the command line, which come first. */
export function pathsOf(all: readonly Settings[]): string[] {
  const names = new Set(all.flatMap((settings) => [...settings.keys()]));
  const rank = (path: string) => (path.startsWith('--') ? 0 : 1);
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** What stands for an absent setting in what people read and type. */
const absent = '(absent)';

/** A value as `--set` takes it, for people: text bare where it could be nothing else. */
export function settingText(value: unknown): string {
  if (value === undefined) return absent;
  if (typeof value !== 'string')
    return isGroup(value) || Array.isArray(value) ? canonical(value) : String(value);
  return /^[\p{L}\p{N}_./~@-][\p{L}\p{N}_./~@:,+-]*( [\p{L}\p{N}_./~@:,+-]+)*$/u.test(value) && !isJson(value)
    ? value
    : JSON.stringify(value);
}

/** A value that was typed: JSON, or text. What stands for absence is undefined. */
export function typedSetting(text: string): unknown {
  if (text === absent) return undefined;
  return isJson(text) ? JSON.parse(text) : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The order of two values: absent, null, then numbers by size, then everything else by its text. */
export function compareSettings(a: unknown, b: unknown): number {
  const rank = (value: unknown) => {
    if (value === undefined) return 0;
    if (value === null) return 1;
    return typeof value === 'number' ? 2 : 3;
  };
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [canonical(a), canonical(b)];
  return rank(a) - rank(b) || (left < right ? -1 : left > right ? 1 : 0);
}
