import { basename, isAbsolute, relative, sep } from 'node:path';
import { shellWord } from '../core/shell-word';
import { configFile } from './scenario/project-config';
import { resolveConfig, type Scenario } from './scenario/scenario';
import type { ScenarioSources } from './scenario/scenario-sources';

/** What of a run's `config.json` its numbers depend on. */
export interface StoredRun {
  readonly scenario: string;
  readonly preset: string;
  readonly seed: number;
  /** The scenario's own configuration, resolved. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly engine: string;
  readonly blas: string;
  readonly rules: string;
  /** The scenario's file, where it is not a built-in one. */
  readonly file: string | null;
  /** Synapses of the user's own that the scenario was given; null for its own. */
  readonly synapse: OwnFile | null;
  /** The project's configuration; null where there was none. */
  readonly project: OwnFile | null;
  /** What makes the run again, in the words of the folder that it was begun in. Figures report it. */
  readonly command: string;
}

/** Where something of a user's own came from. */
interface OwnFile {
  readonly file: string;
  readonly sources: ScenarioSources;
}

/**
 * The command that makes a run again: `npx metaplast run NAME --preset P --seed N`, with a `--set` for each setting that
 * differs from the preset's, and engine, BLAS and rules where they are not the standard ones. It names no folder outside of
 * the one that it is to be run in.
 */
export function runCommandOf(scenario: Scenario, run: Omit<StoredRun, 'command'>): string {
  const { preset, seed, config, engine, blas, rules, file, synapse, project } = run;
  const changed = differences(config, resolveConfig(scenario, preset, []) as Record<string, unknown>, '');
  const words = [
    ...[
      'npx',
      'metaplast',
      'run',
      file === null ? scenario.name : fromHere(file),
      '--preset',
      preset,
      '--seed',
      String(seed),
    ],
    ...(synapse === null ? [] : ['--synapse', fromHere(synapse.file)]),
    ...(project === null || isFoundHere(project.file) ? [] : ['--config', fromHere(project.file)]),
    ...changed.flatMap(([path, value]) => ['--set', `${path}=${told(value)}`]),
    ...executionWords({ engine, blas, rules }),
  ];
  return words.map(shellWord).join(' ');
}

/** Engine, BLAS and rules, where they are not the standard ones. */
export function executionWords(asked: Pick<StoredRun, 'engine' | 'blas' | 'rules'>): string[] {
  const { engine, blas, rules } = asked;
  return Object.entries({ engine, blas, rules }).flatMap(([name, word]) =>
    word === 'auto' ? [] : [`--${name}`, word],
  );
}

/** Whether a command in this folder finds the configuration by itself. */
const isFoundHere = (file: string): boolean => configFile(undefined) === file;

/**
 * A path as one would type it in the working directory; of one that lies elsewhere, the last part alone: a caption is no place
 * for the folders of somebody's machine.
 */
export function fromHere(path: string): string {
  const way = relative(process.cwd(), path);
  const inside = way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
  return `./${inside ? way : basename(path)}`;
}

/** Settings that have another value than the standard one, with their paths; objects are gone into. */
function differences(
  config: Readonly<Record<string, unknown>>,
  standard: Readonly<Record<string, unknown>>,
  above: string,
): [path: string, value: unknown][] {
  return Object.entries(config).flatMap(([key, value]): [string, unknown][] => {
    const other = standard[key];
    if (isGroup(value) && isGroup(other)) return differences(value, other, `${above}${key}.`);
    return JSON.stringify(value) === JSON.stringify(other) ? [] : [[above + key, value]];
  });
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as `--set` takes it: JSON, but for text that could be nothing else. */
function told(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}
