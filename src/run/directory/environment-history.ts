import type { Environment } from './environment';

/** An environment, and from which step of the run on it was. */
export interface EnvironmentSince {
  readonly fromStep: number;
  /** What numbers depend on and differed from the environment before, where the user went on all the same. */
  readonly accepted?: readonly string[];
  readonly environment: Environment;
}

/**
 * The environments of a run's processes, one after the other, once a process goes on with it. One that is as the one before it adds
 * nothing, so that a run that was interrupted leaves what one that was not leaves.
 */
export function withProcess(
  before: readonly EnvironmentSince[],
  process: EnvironmentSince,
): readonly EnvironmentSince[] {
  const last = before.at(-1);
  const same = JSON.stringify(last?.environment) === JSON.stringify(process.environment);
  return last !== undefined && same ? before : [...before, process];
}

/**
 * What `env.json` holds: the environment of the run's last process, and in `history` those before it that were others.
 * @param now What the process knows of its environment by now: rules tell of a fallback only once they have run.
 */
export function environmentFile(all: readonly EnvironmentSince[], now: Environment): Record<string, unknown> {
  const flat = ({ environment, ...since }: EnvironmentSince) => ({ ...since, ...environment });
  const last = { ...all.at(-1)!, environment: now };
  return { ...flat(last), history: all.slice(0, -1).map(flat) };
}
