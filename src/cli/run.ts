import { Command } from 'commander';
import { engineNames } from '../engine/auto';
import type { FinishedRun, RunOptions } from '../run/run-scenario';
import { executorNames } from '../synapse/executor-named';
import { interruption } from './interruption';
import {
  type ConfigurationFlags,
  filesBeside,
  overridesOf,
  wholeNumberOption,
  withConfiguration,
  workersOption,
} from './options';
import { type QueueFlags, withQueue, withQueueFlags } from './queue-flags';
import { printJson, type Terminal } from './terminal';

/** What the flags of a run give. */
export interface RunFlags
  extends Omit<RunOptions, 'signal' | 'overrides' | 'host'>,
    ConfigurationFlags,
    QueueFlags {
  readonly json?: boolean;
}

/** `metaplast run <scenario>` */
export function runCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const command = new Command('run')
    .description('run a scenario in a new run directory')
    .argument('<scenario>', 'its name (see: metaplast list), or a file such as ./my-scenario.ts')
    .addHelpText(
      'after',
      `
Examples:
  metaplast run boston
  metaplast run boston --preset smoke --seed 3 --name first-try
  metaplast run boston --set beta=0.03 --set synapse.lambda=0.2 --rules plain
  metaplast run sinusoid --method contrastive,maml
  metaplast run sinusoid --synapse ./my-synapse.ts --set synapse.stiffness=0.5 --set learn=anchor,stiffness
  metaplast run omniglot --queue redis://localhost:6379    tasks are learned by metaplast worker, here and elsewhere
  metaplast run ./my-scenario.ts --json > summary.json`,
    )
    .action(async (name: string, flags: RunFlags) => exit(await run(name, flags, terminal)));
  return withRunFlags(command);
}

/** The flags of a run, or of a study, whose seeds are a flag of its own. */
export function withRunFlags(command: Command, of: 'run' | 'study' = 'run'): Command {
  const configured = withConfiguration(command);
  if (of === 'run')
    configured.option('--seed <n>', 'root seed of every random stream', wholeNumberOption(0), 1);
  configured
    .option('--engine <name>', `what executes the network: ${engineNames.join(', ')}`, 'auto')
    .option(
      '--blas <choice>',
      'who multiplies large matrices in the engine simd: system (a BLAS library), wasm (same bits everywhere), auto',
      'auto',
    )
    .addOption(workersOption())
    .option(
      '--rules <name>',
      `what executes contrast and meta-update: ${executorNames.join(', ')}, or auto: what the scenario needs`,
      'auto',
    );
  if (of === 'run') withQueueFlags(configured);
  if (of === 'run')
    configured.option(
      '--verbose',
      'say in full what executes the run, who chose it, and what was passed over, with why',
    );
  return configured
    .option('--runs <dir>', 'folder for run directories', 'runs')
    .option('--name <name>', `the ${of}'s own name, part of its directory's`)
    .option(
      '--checkpoint-every <n>',
      'steps of the scenario between two checkpoints (default: by the clock, at most one a second)',
      wholeNumberOption(1),
    )
    .option('--quiet', 'no progress and no report')
    .option('--json', 'print the summary as one JSON document on stdout');
}

/** Runs a scenario with the flags given, and prints its report. Returns the exit status. */
async function run(name: string, flags: RunFlags, terminal: Terminal): Promise<number> {
  const { findScenario } = await import('../run/scenario/find-scenario');
  const found = await findScenario(name, await filesBeside(flags));
  const { checkShares, runScenario } = await import('../run/run-scenario');
  if (flags.queue !== undefined) checkShares(found.scenario, 'workers of a queue');
  const quiet = flags.quiet ?? false;
  const { signal, release } = interruption((line) => terminal.err(`\n${line}\n`));
  const begin = performance.now();
  try {
    const options = { ...flags, quiet, overrides: overridesOf(flags), signal };
    const finished = await withQueue(flags, terminal, (host) => runScenario(found, { ...options, host }));
    const seconds = (performance.now() - begin) / 1000;
    const how = finished.failure === undefined ? 'Done' : 'Failed';
    const end = `${how} in ${seconds.toFixed(1)} s.`;
    return printFinished(finished, { quiet, json: flags.json ?? false }, terminal, end);
  } finally {
    release();
  }
}

/** The report for people, or with `json` the summary for programs; why the run has failed, where it has. Returns the exit status. */
export function printFinished(
  { summary, report, directory, failure }: FinishedRun,
  { quiet, json }: { quiet: boolean; json: boolean },
  terminal: Terminal,
  end: string,
): number {
  if (json) printJson(terminal, { ...summary, runDirectory: directory });
  const print = json ? terminal.err : terminal.out;
  if (!quiet) print(`\n${report}\n\n${end} Everything is in ${directory}\n`);
  if (failure === undefined) return 0;
  terminal.err(`metaplast: ${failure}\n`);
  return 1;
}
