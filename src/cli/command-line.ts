import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageFile } from '../run/directory/environment';
import { exitStatusOf, ScenarioError } from '../run/failure';
import { auditCommand } from './audit';
import { compareCommand } from './compare';
import { dataCommand } from './data';
import { diagnoseCommand } from './diagnose';
import { estimateCommand } from './estimate';
import { inspectCommand } from './inspect';
import { listCommand } from './list';
import { playCommand } from './play';
import { plotCommand } from './plot';
import { resumeCommand } from './resume';
import { runCommand } from './run';
import { scheduleCommand } from './schedule';
import { searchCommand } from './search';
import { sweepCommand } from './sweep';
import type { Terminal } from './terminal';
import { traceCommand } from './trace';
import { watchCommand } from './watch';
import { workCommand } from './work';
import { workerCommand } from './worker';

const examples = `
Examples:
  metaplast list                                   what can be run
  metaplast run boston                             the main job, in under a minute
  metaplast run boston --preset smoke --seed 3     a quick try
  metaplast run boston --set metaSteps=50          change a setting (list them: metaplast list boston)
  metaplast resume runs/2026-01-31-boston-cpu-s1   go on with an interrupted run
  metaplast sweep boston --seeds 1..10 --sweep beta=0.03,0.1,0.3    many runs at once
  metaplast search boston --sweep 'beta=log(0.01..1,5)' --sweep 'meta.rate=log(1e-3..1,7)'    for good settings
  metaplast work runs/2026-01-31-study-boston      join in, from any machine that sees the folder
  metaplast worker --queue redis://localhost       learn tasks for runs elsewhere
  metaplast inspect                                watch synapses, in your browser
  metaplast play                                   play with beta, in your browser
  metaplast watch runs/2026-01-31-boston-cpu-s1    follow a run while it works
  metaplast trace runs/2026-01-31-boston-cpu-s1 --synapse 42    what one synapse went through
  metaplast plot runs/2026-01-31-boston-cpu-s1     draw its figures again
  metaplast compare runs/                          runs side by side: settings that differ, means over seeds
  metaplast diagnose runs/2026-01-31-boston-cpu-s1 is its meta-gradient a derivative, or noise?
  metaplast estimate problem.json --estimator symmetric --beta 0.1 --json
  metaplast audit my-rule.js                       is this rule local?
  metaplast data get mnist                         fetch a public data set, and check it

Exit status: 0 done, 2 the input was wrong, 1 the run failed, 130 interrupted (a checkpoint is written).`;

/** Makes the command of one file; it sets its own exit status where that is not 0. */
type MakeCommand = (terminal: Terminal, exit: (status: number) => void) => Command;

const commands: readonly MakeCommand[] = [
  listCommand,
  runCommand,
  resumeCommand,
  sweepCommand,
  searchCommand,
  workCommand,
  workerCommand,
  inspectCommand,
  playCommand,
  watchCommand,
  traceCommand,
  plotCommand,
  compareCommand,
  diagnoseCommand,
  scheduleCommand,
  estimateCommand,
  auditCommand,
  dataCommand,
];

/** Runs one command line and returns its exit status. Never throws. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  let status = 0;
  const program = new Command('metaplast')
    .description('A simulator of synapses that learn how to learn.')
    .version(packageFile().version)
    .showSuggestionAfterError()
    .addHelpText('after', examples);
  const exit = (value: number): void => {
    status = value;
  };
  for (const make of commands) program.addCommand(make(terminal, exit));
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(`metaplast: ${text.replace(/^error: /, '')}`),
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    return report(error, terminal);
  }
}

/** A command, and all those below it. */
function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const status = exitStatusOf(error);
  if (status !== null) {
    const where = error instanceof ScenarioError ? framesOf(error.cause) : '';
    terminal.err(`metaplast: ${(error as Error).message}\n${where}`);
    return status;
  }
  terminal.err(
    `metaplast: an unexpected error, which is a fault of metaplast itself.\n${(error as Error).stack}\n`,
  );
  return 1;
}

/** Where a scenario's own code failed, for its author; what called it, in libraries and in metaplast, is left out. */
function framesOf(error: unknown): string {
  const frames = /(\n {4}at .+)+/.exec((error as Error | undefined)?.stack ?? '');
  const own = frames?.[0].split('\n').filter((frame) => frame !== '' && isOfTheAuthor(frame)) ?? [];
  return own.map((frame) => `${frame}\n`).join('');
}

const library = resolve(__dirname, '..');
const isOfTheAuthor = (frame: string): boolean =>
  !/[\\/]node_modules[\\/]|\(?node:/.test(frame) && !frame.includes(library);
