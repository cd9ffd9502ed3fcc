import { InputError } from '../../core/errors';
import { nearestNames } from './match-metrics';
import type { DescribedRun } from './read-run';
import { canonical, compareSettings, pathsOf, settingText, typedSetting } from './settings';

/** What the seed of a run is called among settings. */
export const seedPath = '--seed';

/** What a run has at a path that `nameSetting` gave; undefined where it is absent. */
export function settingOf(run: DescribedRun, path: string): unknown {
  if (path === seedPath) return run.seed;
  return run.settings.has(path) ? run.settings.get(path) : run.origin.get(path);
}

/**
 * The path of the setting that somebody names: a setting of the scenario by its path, or by the end of one; what else stands on the command line
 * by its word, such as `engine` or `preset`.
 * @throws InputError where there is none, or there are several, of that name.
 */
export function nameSetting(typed: string, runs: readonly DescribedRun[]): string {
  const settings = pathsOf(runs.map((run) => run.settings));
  const others = [...new Set([...runs.flatMap((run) => [...run.origin.keys()]), seedPath])];
  const exact = [typed, `--${typed}`].find((name) => settings.includes(name) || others.includes(name));
  if (exact !== undefined) return exact;
  const ending = settings.filter((path) => path.endsWith(`.${typed}`));
  if (ending.length === 1) return ending[0]!;
  const near = ending.length > 1 ? ending : nearestNames(typed, [...settings, ...others]);
  throw new InputError({
    what: ending.length > 1 ? 'Several settings end with this name' : 'No run has such a setting',
    got: typed,
    legal: near.join(', '),
    advice: 'Name one by its whole path',
  });
}

/** What settings must be for a run to be kept. */
export interface Condition {
  readonly path: string;
  readonly value: unknown;
  readonly isNot: boolean;
}

/** `beta=0.1`, `beta!=0.1`, `synapse.lambda=(absent)`. @throws InputError where it is no condition. */
export function splitCondition(text: string): { name: string; value: string; isNot: boolean } {
  const parts = /^((?:\[".*?"\]|[^=])+?)(!?=)(.*)$/s.exec(text);
  if (parts === null) {
    throw new InputError({
      what: '--where needs a setting and a value',
      got: text,
      legal: '--where path=value, or path!=value; of a setting that is not there, the value (absent)',
    });
  }
  return { name: parts[1]!.trim(), value: parts[3]!, isNot: parts[2] === '!=' };
}

/** The condition that was typed. @throws InputError where no run has such a setting, or none has the value. */
export function conditionFor(text: string, runs: readonly DescribedRun[]): Condition {
  const { name, value: typed, isNot } = splitCondition(text);
  const path = nameSetting(name, runs);
  const value = typedSetting(typed);
  const values = new Map(runs.map((run) => [canonical(settingOf(run, path)), settingOf(run, path)]));
  // Text that looks like a number stays reachable by its bare form.
  const meant = values.has(canonical(value)) ? value : values.has(canonical(typed)) ? typed : value;
  if (!values.has(canonical(meant))) {
    const legal = [...values.values()].sort(compareSettings).map(settingText);
    throw new InputError({
      what: `No run has this value of "${path}"`,
      got: typed,
      legal: legal.length > 12 ? `${legal.slice(0, 12).join(', ')}, ...` : legal.join(', '),
    });
  }
  return { path, value: meant, isNot };
}

/** Whether a run is as a condition says. */
export function meets(run: DescribedRun, { path, value, isNot }: Condition): boolean {
  return (canonical(settingOf(run, path)) === canonical(value)) !== isNot;
}
