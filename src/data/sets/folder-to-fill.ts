import fs from 'node:fs';
import path from 'node:path';
import { findDataSet, findFile, localDataRoot, namedDataRoot } from './data-folder';
import type { DataSet } from './data-set';

/**
 * Where what is lacking of a data set is to go: the folder that the user names; or where the set is, if it is all there or may be added to;
 * or METAPLAST_DATA, where that may be written to; or `./data`.
 * @param to The folder of data sets that the user names.
 * @param say Told where METAPLAST_DATA is passed over.
 */
export function folderToFill(set: DataSet, to: string | undefined, say: (line: string) => void): string {
  if (to !== undefined) return path.join(path.resolve(to), set.name);
  const found = findDataSet(set);
  const isAllThere =
    found !== undefined && set.files.every(({ name }) => findFile(found, name) !== undefined);
  if (found !== undefined && (isAllThere || mayWrite(found))) return found;
  const named = namedDataRoot();
  const inNamed = named === undefined ? undefined : path.join(named, set.name);
  if (inNamed !== undefined && mayWrite(inNamed)) return inNamed;
  const local = path.join(localDataRoot(), set.name);
  if (inNamed !== undefined)
    say(`METAPLAST_DATA may not be written to ("${inNamed}"): it goes into "${local}"`);
  return local;
}

/** Whether a folder, or the one above it where it is yet to be made, takes new files. */
function mayWrite(folder: string): boolean {
  let nearest = folder;
  while (!fs.existsSync(nearest) && path.dirname(nearest) !== nearest) nearest = path.dirname(nearest);
  try {
    fs.accessSync(nearest, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
