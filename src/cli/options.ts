import { type Command, InvalidArgumentError } from 'commander';

/** For commander: a whole number of at least `least`. */
export function wholeNumberOption(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Legal: ${least}, ${least + 1}, ...`);
  };
}

/** For commander: a finite number. */
export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Legal: a finite number.');
}

/** For commander: an option that may be given many times. */
function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** What `withConfiguration` gives. */
export interface ConfigurationFlags {
  readonly preset: string;
  readonly set: string[];
  readonly method?: string;
  readonly strict?: boolean;
}

/** The settings that the flags change; `--method` and `--strict` are short for settings of those names. */
export function overridesOf({ set, method, strict }: ConfigurationFlags): string[] {
  return [
    ...set,
    ...(method === undefined ? [] : [`method=${method}`]),
    ...(strict === undefined ? [] : [`strict=${strict}`]),
  ];
}

/** Preset and settings of a scenario, for the commands that resolve a configuration. */
export function withConfiguration(command: Command): Command {
  return command
    .option(
      '--preset <name>',
      'size of the run: smoke (seconds), cpu (minutes), paper (published numbers)',
      'cpu',
    )
    .option('--set <key.path=value>', 'change one setting; may be given many times', collect, [])
    .option('--method <word>', 'for task streams: maml, reptile, ... (see: metaplast list sinusoid), or all')
    .option('--strict', 'for task streams: a bad task, or one that diverges, ends the run');
}
