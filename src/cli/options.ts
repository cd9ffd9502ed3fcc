import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BesideScenario } from '../run/scenario/find-scenario';

/** For commander: a whole number of at least `least`, and at most `most` where there is a limit. */
export function wholeNumberOption(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const limit = most === Number.MAX_SAFE_INTEGER ? '' : `, ${most}`;
    throw new InvalidArgumentError(`Legal: ${least}, ${least + 1}, ...${limit}`);
  };
}

/** For commander: a finite number. */
export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Legal: a finite number.');
}

/** What is done at the same time: as much as there are cores. */
export function jobsOption(what: string, least: number, name = '--jobs <n>', most?: number): Option {
  const standard = Math.min(availableParallelism(), most ?? Infinity);
  return new Option(name, what)
    .argParser(wholeNumberOption(least, most))
    .default(standard, 'as many as cores');
}

/** For the commands that learn. */
export function workersOption(): Option {
  const what =
    "threads that learn at the same time: tasks, a task's nudged phases, parts of large batches; gains little where a task takes a few ms; no number depends on it";
  return new Option('--workers <n>', what).argParser(wholeNumberOption(1)).default(1);
}

/** For the commands that rebuild a run by its scenario. */
export function storedScenarioOption(): Option {
  const what =
    "stored: by the copy of the scenario that the run keeps, whatever became of the scenario's own file";
  return new Option('--scenario <which>', what).choices(['stored']);
}

/** For commander: an option that may be given many times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** What `withConfiguration` gives. */
export interface ConfigurationFlags {
  readonly preset: string;
  readonly set: string[];
  readonly method?: string;
  readonly credit?: string;
  readonly strict?: boolean;
  readonly ways?: string;
  readonly shots?: string;
  readonly synapse?: string;
  readonly config?: string | false;
}

/** The files of a user's own that the flags name, and the configuration in this folder. */
export async function filesBeside({
  synapse,
  config,
}: Pick<ConfigurationFlags, 'synapse' | 'config'>): Promise<BesideScenario> {
  const { configFile } = await import('../run/scenario/project-config');
  return { synapse, project: configFile(config) };
}

/** `--config` and `--no-config`. */
export function withConfigFile(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'what your project adds: methods, engines, meta-optimisers (default: metaplast.config.ts, .js, ... in this folder)',
    )
    .option('--no-config', 'without the configuration in this folder');
}

/** The settings that the flags change; `--method`, `--credit`, `--ways`, `--shots` and `--strict` are short for settings of those names. */
export function overridesOf({ set, ...flags }: ConfigurationFlags): string[] {
  const short = (['method', 'credit', 'ways', 'shots', 'strict'] as const).flatMap((name) =>
    flags[name] === undefined ? [] : [`${name}=${flags[name]}`],
  );
  return [...set, ...short];
}

/** Preset and settings of a scenario, for the commands that resolve a configuration. */
export function withConfiguration(command: Command): Command {
  return withConfigFile(command)
    .option(
      '--preset <name>',
      'size of the run: smoke (seconds), cpu (minutes), paper (published numbers); a scenario may have others',
      'cpu',
    )
    .option('--set <key.path=value>', 'change one setting; may be given many times', collect, [])
    .option('--method <word>', 'for task streams: maml, reptile, ... (see: metaplast list sinusoid), or all')
    .option(
      '--credit <words>',
      'where the gradients of synapses come from: backprop, equilibrium, dual, feedback-alignment, direct-feedback; with settings: dual:nudge=0.05:sweeps=3',
    )
    .option(
      '--ways <count>',
      'for tasks of telling classes apart: classes a task (see: metaplast list omniglot)',
    )
    .option('--shots <count>', 'for the same: training samples a class')
    .option(
      '--synapse <file>',
      'synapses of your own: a file such as ./my-synapse.ts that exports what defineSynapse() makes',
    )
    .option('--strict', 'for task streams: a bad task, or one that diverges, ends the run');
}
