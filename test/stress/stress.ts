import os from 'node:os';
import { SingleBar } from 'cli-progress';
import { Argument, Command } from 'commander';
import { closedInMidRun } from './closed-in-mid-run';
import { endedWhileWorking } from './ended-while-working';
import { interruptedRuns } from './interrupted-runs';
import { openedInARow } from './opened-in-a-row';
import type { Cell, Count, Library } from './processes';

interface Kind {
  /** For `--help`. */
  readonly meaning: string;
  readonly trials: number;
  /** How a trial ends where all is well. */
  readonly well: RegExp;
  run(cell: Cell, count: Count): Promise<void>;
}

const kinds: Readonly<Record<string, Kind>> = {
  interrupted: {
    meaning:
      'runs of boston that get Ctrl-C just after their directory appears: 0.2 to 0.4 s, and 0 to 0.6 s',
    trials: 500,
    well: /^(interrupted|done before)$/,
    run: interruptedRuns,
  },
  'in-a-row': {
    meaning: 'simulations opened, used and closed one after the other in one process; four processes',
    trials: 500,
    well: /^(right|closed in its midst|done before)$/,
    run: openedInARow,
  },
  'mid-run': {
    meaning: 'a simulation closed while it learns, beside others opened right then: do their numbers differ?',
    trials: 100,
    well: /: same$/,
    run: closedInMidRun,
  },
  ended: {
    meaning: 'processes that end by themselves while their threads start, load a library or multiply',
    trials: 100,
    well: /^ended$/,
    run: endedWhileWorking,
  },
};

const help = `
${Object.entries(kinds)
  .map(([name, { meaning, trials }]) => `  ${name.padEnd(12)} ${meaning} (${trials})`)
  .join('\n')}

Examples:
  npm run stress
  npm run stress -- interrupted --trials 100 --workers 4 --library koffi`;

/** Tries one kind in one cell, with progress on stderr; prints a row of the table and gives how many trials went wrong. */
async function tryOut(name: string, cell: Cell): Promise<number> {
  const { run, well } = kinds[name]!;
  const counts = new Map<string, number>();
  const begin = performance.now();
  const bar = new SingleBar({ format: `${name}, ${cell.library}, ${cell.workers} workers: {value}`, fps: 2 });
  bar.start(cell.trials, 0);
  await run(cell, (how) => {
    counts.set(how, (counts.get(how) ?? 0) + 1);
    bar.increment();
  });
  bar.stop();
  let wrong = 0;
  for (const [how, count] of counts) if (!well.test(how)) wrong += count;
  const ends = [...counts].map(([how, count]) => `${count} ${how}`).join(', ');
  const minutes = ((performance.now() - begin) / 60_000).toFixed(1);
  console.log(`| ${name} | ${cell.library} | ${cell.workers} | ${ends} | **${wrong}** | ${minutes} |`);
  return wrong;
}

async function main(): Promise<void> {
  const stress = new Command('stress')
    .description(
      'counts hangs, aborts and wrong numbers where threads begin and end; exit code 1 where there are any',
    )
    .addArgument(new Argument('[what]', 'default: all').choices(Object.keys(kinds)))
    .addHelpText('after', help)
    .option('--trials <n>', 'of each kind (default: as in brackets below)', Number)
    .option('--workers <list>', 'numbers of workers', '1,2,4')
    .option('--library <list>', 'koffi: as it is installed; hidden: as if it were not there', 'koffi,hidden')
    .parse();
  const flags = stress.opts<{ trials?: number; workers: string; library: string }>();
  const [asked] = stress.processedArgs as (string | undefined)[];
  const cpu = `${os.cpus()[0]!.model.trim()}, ${os.cpus().length} cores, Node ${process.version}`;
  console.log(`${new Date().toISOString().slice(0, 16)}, ${cpu}\n`);
  console.log(
    '| what | koffi | workers | how the trials ended | wrong | minutes |\n| - | - | - | - | - | - |',
  );
  let wrong = 0;
  for (const name of asked === undefined ? Object.keys(kinds) : [asked]) {
    for (const library of flags.library.split(',') as Library[]) {
      for (const workers of flags.workers.split(',').map(Number)) {
        wrong += await tryOut(name, { trials: flags.trials ?? kinds[name]!.trials, workers, library });
      }
    }
  }
  console.log(wrong === 0 ? '\nNo hang, no abort, no wrong number.' : `\n${wrong} trials went wrong.`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

void main();
