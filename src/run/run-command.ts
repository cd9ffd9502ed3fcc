import { shellWord } from '../core/shell-word';
import { resolveConfig, type Scenario } from './scenario/scenario';

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
}

/**
 * The command that makes a run again: `npx metaplast run NAME --preset P --seed N`, with a `--set` for each setting that
 * differs from the preset's, and engine, BLAS and rules where they are not the standard ones.
 */
export function runCommandOf(scenario: Scenario, run: StoredRun): string {
  const { preset, seed, config, engine, blas, rules, file } = run;
  const changed = differences(config, resolveConfig(scenario, preset, []) as Record<string, unknown>, '');
  const words = [
    ...['npx', 'metaplast', 'run', file ?? scenario.name, '--preset', preset, '--seed', String(seed)],
    ...changed.flatMap(([path, value]) => ['--set', `${path}=${told(value)}`]),
    ...(engine === 'auto' ? [] : ['--engine', engine]),
    ...(blas === 'auto' ? [] : ['--blas', blas]),
    ...(rules === 'auto' ? [] : ['--rules', rules]),
  ];
  return words.map(shellWord).join(' ');
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
