import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../../core/errors';
import type { DataFile } from '../images/unpacked-file';
import type { DataSet } from './data-set';

/** The folder of data sets that the environment names, or undefined. */
export function namedDataRoot(): string | undefined {
  const named = process.env.METAPLAST_DATA;
  return named === undefined || named.trim() === '' ? undefined : path.resolve(named);
}

/** The folder of data sets where the environment names none. */
export const localDataRoot = (): string => path.resolve('data');

/** Where data sets are looked for: each is in a folder of its name in one of these. */
export function dataRoots(): readonly string[] {
  const named = namedDataRoot();
  return named === undefined ? [localDataRoot()] : [named, localDataRoot()];
}

/** A file of a data set in this folder, as it is or packed; undefined where it is missing. */
export function findFile(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((each) => path.join(folder, each)).find(isFile);
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The folder with a data set's files: the first one that has all of them, or else the first that has any; undefined where none has.
 * @param among Folders of the data set itself; those of its name where left out.
 */
export function findDataSet(
  set: DataSet,
  among = dataRoots().map((root) => path.join(root, set.name)),
): string | undefined {
  const folders = among.flatMap((folder) => [
    folder,
    ...(set.alsoIn ?? []).map((inside) => path.join(folder, inside)),
  ]);
  const has = (folder: string) => (file: { readonly name: string }) =>
    findFile(folder, file.name) !== undefined;
  return (
    folders.find((folder) => set.files.every(has(folder))) ??
    folders.find((folder) => set.files.some(has(folder)))
  );
}

/**
 * The folder to read a data set from.
 * @param folder The one that the user names; where left out, those of the set's name are looked through.
 * @throws InputError where none of its files is there, with the command that gets them.
 */
export function openDataSet(set: DataSet, folder?: string): string {
  const looked =
    folder === undefined ? dataRoots().map((root) => path.join(root, set.name)) : [path.resolve(folder)];
  const found = findDataSet(set, looked);
  if (found !== undefined) return found;
  const unset = folder === undefined && namedDataRoot() === undefined ? ' (METAPLAST_DATA is not set)' : '';
  throw new InputError({
    what: `The data set ${set.name} is missing: none of its files is in ${looked.map((each) => `"${each}"`).join(' or ')}${unset}`,
    legal: `a folder with ${set.files.map(({ name }) => name).join(', ')}, packed by gzip or not`,
    advice: `Get it: \`metaplast data get ${set.name}\`. Or set METAPLAST_DATA to a folder that has it in "${set.name}"`,
  });
}

/** A file that is to be read. @throws InputError where it is missing, with the command that gets it. */
export function fileOf(set: DataSet, folder: string, name: string): DataFile {
  const found = findFile(folder, name);
  if (found === undefined) throw missingFile(set, folder, name);
  const advice = `\`metaplast data verify ${set.name}\` says what is damaged, \`metaplast data get ${set.name}\` gets it anew`;
  return { path: found, advice };
}

/** What is wrong where a file of a data set is not in its folder. */
export const missingFile = (set: DataSet, folder: string, name: string): InputError =>
  new InputError({
    what: `"${path.join(folder, name)}" is missing, packed by gzip or not`,
    advice: `Get it: \`metaplast data get ${set.name}\``,
  });
