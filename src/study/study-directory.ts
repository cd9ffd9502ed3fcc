import fs from 'node:fs';
import path from 'node:path';
import { writeDurably } from '../core/durable-file';
import { InputError } from '../core/errors';
import { codeOf, readFailure } from '../core/file-failures';
import { shellPath } from '../core/shell-word';
import { packageFile } from '../run/directory/environment';
import { formatJson } from '../run/directory/format-json';
import { checkName, createFolder, dayOf, madeNew } from '../run/directory/run-directory';
import { trialName } from './claims/claims';
import { Journal } from './journal';
import { checkPlan, type StudyPlan } from './plan/study-plan';

/** A study folder. */
export interface Study {
  readonly directory: string;
  readonly plan: StudyPlan;
}

const planName = 'study.json';

export const claimsFolder = (study: string): string => path.join(study, 'claims');
export const trialFolder = (study: string, trial: number): string =>
  path.join(study, 'trials', trialName(trial));
export const journalOf = (study: string): Journal => new Journal(path.join(study, 'journal.jsonl'));

/** What goes on with a study, as it can be copied into a shell. */
export const workCommandOf = (study: string): string => `metaplast work ${shellPath(study)}`;

/** What compares its trials. */
export const compareCommandOf = (study: string): string => `metaplast compare ${shellPath(study)}`;

/**
 * Makes `<runs>/<YYYY-MM-DD>-study-<name>` with its plan in it.
 * @param name The user's own; the scenario's with a number where left out.
 * @throws InputError where the name is illegal, or taken.
 */
export function createStudy(runs: string, plan: StudyPlan, name?: string): Study {
  checkName(name === undefined ? "The scenario's name" : "The study's name (--name)", name ?? plan.scenario);
  const directory = createFolder({
    runs,
    folder: (numbered) => `${dayOf(new Date())}-study-${numbered}`,
    name: name ?? plan.scenario,
    isChosen: name !== undefined,
    make: (folder) => madeNew(folder, ['claims', 'trials']),
    taken: (folder) =>
      new InputError({
        what: `The study folder "${folder}" exists already, and none is ever overwritten`,
        advice: `Choose another --name, or go on with it:\n  ${workCommandOf(folder)}`,
      }),
  });
  writeDurably(path.join(directory, planName), formatJson(planName, plan));
  return { directory, plan };
}

/**
 * Opens a study folder.
 * @throws InputError where it is none, or was made by another version of metaplast.
 */
export function openStudy(directory: string): Study {
  const file = path.join(directory, planName);
  let value: unknown;
  try {
    value = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InputError({ what: `"${file}" is not as the study wrote it: it is no JSON` });
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw readFailure(file, error);
    const isRun = fs.existsSync(path.join(directory, 'config.json'));
    throw new InputError({
      what: `"${directory}" is no study: it has no ${planName}`,
      legal: 'a folder that metaplast sweep has made, such as runs/2026-01-31-study-boston',
      advice: isRun ? `It is a run:\n  metaplast resume ${shellPath(directory)}` : undefined,
    });
  }
  checkVersion(value, directory);
  return { directory, plan: checkPlan(value, file) };
}

function checkVersion(value: unknown, directory: string): void {
  const { version } = packageFile();
  const made = (value as Partial<StudyPlan> | null)?.version;
  if (typeof made !== 'string' || made === version) return; // What is no version, checkPlan refuses.
  throw new InputError({
    what: `The study in "${directory}" was made by another version of metaplast, whose numbers may differ`,
    got: made,
    legal: version,
    advice: `Work on it with metaplast ${made}, or make the study anew`,
  });
}
