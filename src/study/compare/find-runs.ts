import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../../core/errors';
import { codeOf } from '../../core/file-failures';

/** The run directories that some paths stand for. */
export interface FoundRuns {
  /** Each once, in the order of where they lie. */
  readonly directories: readonly string[];
  /** What was passed over, each as a sentence. */
  readonly notes: readonly string[];
}

/**
 * The run directories that paths stand for: a run directory for itself, a study (a folder with `study.json`) for all in its `trials/`, any other
 * folder for those in it. One that is named twice, by whatever path, is there once.
 * @throws InputError where a path stands for none.
 */
export function findRuns(paths: readonly string[]): FoundRuns {
  const named = new Map<string, string>();
  const notes = new Set<string>();
  for (const given of paths) {
    for (const directory of runsAt(given, notes)) {
      const real = fs.realpathSync(directory);
      const before = named.get(real);
      // By whichever path comes first in the alphabet, so that their order is of no matter.
      if (before === undefined || directory < before) named.set(real, directory);
    }
  }
  const byPlace = [...named].sort(([a], [b]) => (a < b ? -1 : 1));
  return { directories: byPlace.map(([, directory]) => directory), notes: [...notes].sort() };
}

function runsAt(given: string, notes: Set<string>): string[] {
  const names = namesIn(given);
  if (names.includes(studyFile)) return trialsOf(given, notes);
  if (holdsRun(given)) return [given];
  const below = names.map((name) => path.join(given, name)).filter(isFolder);
  const runs = below.filter(holdsRun);
  const studies = below.filter((folder) => fs.existsSync(path.join(folder, studyFile)));
  if (runs.length === 0) {
    throw noRuns(given, studies.length === 0 ? undefined : `Name the study: ${studies.join(' ')}`);
  }
  for (const study of studies)
    notes.add(`"${study}" is a study, and not among these; name it to have its trials`);
  return runs;
}

function trialsOf(study: string, notes: Set<string>): string[] {
  const folder = path.join(study, 'trials');
  const trials = fs.existsSync(folder) ? namesIn(folder).map((name) => path.join(folder, name)) : [];
  const runs = trials.filter((trial) => isFolder(trial) && holdsRun(trial));
  const planned = plannedTrials(path.join(study, studyFile));
  if (planned !== null && planned > runs.length) {
    notes.add(`"${study}" plans ${planned} trials, of which ${planned - runs.length} have not begun`);
  }
  if (runs.length === 0) throw noRuns(study, 'None of its trials has begun');
  return runs;
}

/** How many trials a study plans; null where its plan cannot be read, which takes no number from those that are there. */
function plannedTrials(file: string): number | null {
  try {
    const { trials } = JSON.parse(fs.readFileSync(file, 'utf8')) as { trials?: unknown };
    return Array.isArray(trials) ? trials.length : null;
  } catch {
    return null;
  }
}

const studyFile = 'study.json';

/** Whether a folder is a run directory; one that has lost either of the two is damaged, and to be named as such. */
const holdsRun = (folder: string): boolean =>
  ['config.json', 'manifest.json'].some((name) => fs.existsSync(path.join(folder, name)));

function isFolder(at: string): boolean {
  return fs.statSync(at, { throwIfNoEntry: false })?.isDirectory() === true;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    const { message } = error as Error;
    const why = { ENOENT: 'does not exist', ENOTDIR: 'is a file, not a folder' }[
      codeOf(error) as 'ENOENT' | 'ENOTDIR'
    ];
    throw new InputError({
      what: `"${folder}" ${why ?? `cannot be read: ${message}`}`,
      legal,
      advice: advice,
    });
  }
}

const legal = 'run directories, studies (folders with study.json), or folders of run directories';
const advice = 'Name runs, such as runs/2026-01-31-boston-cpu-s1, or all of a folder: runs/';

function noRuns(given: string, instead = advice): InputError {
  return new InputError({ what: `"${given}" holds no run`, legal, advice: instead });
}
