import fs from 'node:fs';
import path from 'node:path';
import { Journal, type JournalEntry } from '../../src/study/journal';
import { snapshot } from '../cli/command';

/** Every line of a study's journal. */
export const told = (study: string): readonly JournalEntry[] =>
  new Journal(path.join(study, 'journal.jsonl')).news();

/** What happened to each trial, in order: `claimed 1, ended 1` with the attempts. */
export function courses(study: string): Record<number, string> {
  const courses: Record<number, string> = {};
  for (const { trial, event, attempt } of told(study))
    courses[trial] = `${courses[trial] === undefined ? '' : `${courses[trial]}, `}${event} ${attempt}`;
  return courses;
}

/** Every byte of every trial's run. */
export function resultsOf(study: string): Record<string, string> {
  return snapshot(path.join(study, 'trials'));
}

/** The one study of a folder of runs, once it is there with its plan. */
export async function studyIn(runs: string): Promise<string> {
  for (;;) {
    const [name] = fs.existsSync(runs) ? fs.readdirSync(runs) : [];
    if (name !== undefined && fs.existsSync(path.join(runs, name, 'study.json')))
      return path.join(runs, name);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Returns when something is so of a study's journal. */
export async function until(
  study: string,
  isSo: (entries: readonly JournalEntry[]) => boolean,
): Promise<void> {
  while (!isSo(told(study))) await new Promise((resolve) => setTimeout(resolve, 10));
}
