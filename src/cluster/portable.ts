import { MetaplastError } from '../core/errors';
import { builtInScenarios } from '../run/scenario/find-scenario';
import { fromModule, makers, scenarioFound } from './makers';

/** A file of a user's own, by the checksum of it and all that it imports, in place of its path. */
interface FileToken {
  readonly $file: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What becomes of the path of each file. */
type Mapped = (file: unknown, place: string) => unknown;

/**
 * A learner's description with checksums in place of the paths of files, so that other machines can follow it.
 * @param checksum of a file of the user's own, by its path
 */
export function portable(description: unknown, checksum: (path: string) => string): unknown {
  const token: Mapped = (path) => ({ $file: checksum(path as string) }) satisfies FileToken;
  return walk(description, 'description', token, false);
}

/**
 * A description that came from elsewhere, with the paths that files have here.
 * @param path of a file of this machine's own, by its checksum; it throws where there is none
 * @throws MetaplastError where the description asks for anything but makers of metaplast's, and files that are here.
 */
export function localised(description: unknown, path: (checksum: string) => string): unknown {
  const local: Mapped = (file, place) => {
    const { $file } = (file ?? {}) as Partial<FileToken>;
    if (typeof $file !== 'string')
      throw refused(`${place} names a file otherwise than by its checksum`, file);
    return path($file);
  };
  return walk(description, 'description', local, true);
}

/** Whether a scenario is named by the path of a file, or by its token, and not by the word for one that comes with metaplast. */
const isFile = (name: unknown): boolean => typeof name !== 'string' || /[/\\]|\.[cm]?[jt]s$/.test(name);

function walk(value: unknown, place: string, file: Mapped, isChecked: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one, i) => walk(one, `${place}[${i}]`, file, isChecked));
  const fields = value as Fields;
  if ('$made' in fields) return { $made: walkMade(fields.$made as Fields, place, file, isChecked) };
  return Object.fromEntries(
    Object.entries(fields).map(([name, one]) => [name, walk(one, `${place}.${name}`, file, isChecked)]),
  );
}

function walkMade(made: Fields, place: string, file: Mapped, isChecked: boolean): Fields {
  const { module, name } = made;
  const given = (made.given ?? []) as readonly unknown[];
  const others = (from: number) =>
    given.slice(from).map((one, i) => walk(one, `${place}[${from + i}]`, file, isChecked));
  if (module === fromModule.module && name === fromModule.name)
    return { module, name, given: [file(given[0], place), ...others(1)] };
  if (module === scenarioFound.module && name === scenarioFound.name) {
    const [scenario, beside] = given as readonly [unknown, Fields | null | undefined];
    if (isChecked && !isFile(scenario) && !builtInScenarios().includes(scenario as string))
      throw refused(`${place} names a scenario that is not here`, scenario);
    const named = isFile(scenario) ? file(scenario, place) : scenario;
    const files = Object.entries(beside ?? {}).map(([role, one]) => [
      role,
      one == null ? null : file(one, place),
    ]);
    return { module, name, given: [named, Object.fromEntries(files)] };
  }
  if (isChecked && !(Object.hasOwn(makers, String(module)) && makers[String(module)]!.includes(String(name))))
    throw refused(`${place} calls what no description may call`, `${module}: ${name}`);
  return { module, name, ...(made.given === undefined ? {} : { given: others(0) }) };
}

function refused(what: string, got: unknown): MetaplastError {
  return new MetaplastError({ what: `The learner is refused: ${what}`, got });
}
