import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../../../core/errors';
import { codeOf, readFailure } from '../../../core/file-failures';
import { Enclosure } from './enclosure';
import { isThere } from './stamp';

/** What is served: a folder of runs, or one run or study in it. */
export interface ServedFolder {
  /** As the user named it. */
  readonly given: string;
  readonly enclosure: Enclosure;
  /** What it is called, where it is itself a run or a study; null where it holds them. */
  readonly only: string | null;
}

/** The id of what lies somewhere in the served folder, `/` between folders: the folder's own name before it, where that is itself a run or a study. */
export function idOf({ only }: ServedFolder, relative: string): string {
  const parts = [...(only === null ? [] : [only]), ...relative.split(path.sep)];
  return parts.filter((part) => part !== '').join('/');
}

/**
 * The folder that a user named.
 * @throws InputError where there is no such folder.
 */
export function openServedFolder(given: string): ServedFolder {
  let root: string;
  try {
    root = fs.realpathSync.native(given);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw readFailure(given, error);
    throw new InputError({
      what: `"${given}" does not exist`,
      legal: 'a folder of runs, a run directory, or a study',
      advice: 'Name the folder, or make a first run:\n  metaplast run one-synapse --preset smoke',
    });
  }
  if (!fs.statSync(root).isDirectory()) {
    throw new InputError({
      what: `"${given}" is a file, not a folder`,
      legal: 'a folder of runs, a run directory, or a study',
    });
  }
  return {
    given,
    enclosure: new Enclosure(root),
    only: isMarked(root) ? path.basename(root) || 'run' : null,
  };
}

/** Whether a folder is a run directory or a study; one that has lost some of its files is still one. */
function isMarked(folder: string): boolean {
  return ['config.json', 'manifest.json', 'study.json'].some((name) => isThere(path.join(folder, name)));
}
