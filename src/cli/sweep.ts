import { Command, Option } from 'commander';
import type { StudyPlan } from '../study/plan/study-plan';
import type { Study } from '../study/study-directory';
import { interruption } from './interruption';
import { collect, filesBeside, jobsOption, numberOption, overridesOf, wholeNumberOption } from './options';
import { type RunFlags, withRunFlags } from './run';
import { printJson, type Terminal } from './terminal';

/** What `withStudyFlags` gives. */
export interface StudyFlags {
  readonly seeds: string;
  readonly sweep: string[];
  readonly samples?: number;
  readonly studySeed: number;
  readonly jobs: number;
  readonly lease: number;
  readonly dryRun?: boolean;
}

interface Flags extends Omit<RunFlags, 'seed' | 'verbose'>, StudyFlags {}

const help = `
Examples:
  metaplast sweep boston --seeds 1..10
  metaplast sweep boston --seeds 1..5 --sweep beta=0.03,0.1,0.3 --sweep 'synapse.lambda=log(1e-3..1,7)'
  metaplast sweep boston --sweep 'meta.rate=loguniform(1e-3..1)' --sweep estimator=forward,symmetric --samples 50
  metaplast sweep sinusoid --sweep method=contrastive,maml --seeds 1..5 --preset smoke --jobs 2
  metaplast sweep boston --seeds 1..100 --dry-run    how many trials, and how long they would take
  metaplast sweep boston --seeds 1..100 --jobs 0     write the plan alone, for metaplast work STUDY on other machines

What a setting is swept over:
  0.03,0.1,0.3          these values, each read as --set reads it; lists in brackets: [20],[20,20]
  lin(0..1,5)           5 values at equal distances, both ends included
  log(1e-3..1,7)        7 values at equal ratios
  uniform(0..1)         drawn at random, as --samples says how often
  loguniform(1e-4..1)   the same, evenly by the logarithm

Every combination is run with every seed. --samples N takes N of the combinations without repetition, by --study-seed, and with a number of each
distribution each. More workers join from any terminal or machine that sees the folder: metaplast work STUDY.`;

/** `metaplast sweep <scenario>` */
export function sweepCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const command = new Command('sweep')
    .description('run a scenario many times, with several seeds and settings, in a new study folder')
    .argument('<scenario>', 'its name (see: metaplast list), or a file such as ./my-scenario.ts');
  withStudyFlags(command)
    .option('--dry-run', 'write nothing: how many trials, and how long they would take by the first one')
    .addHelpText('after', help)
    .action(async (name: string, flags: Flags) => exit(await sweep(name, flags, terminal)));
  return withRunFlags(command, 'study');
}

/** What is swept, with which seeds, and by how many at the same time. */
export function withStudyFlags(command: Command): Command {
  return command
    .option('--seeds <seeds>', 'root seeds, each for every combination: 1..10, or 1,2,5', '1')
    .option(
      '--sweep <setting=values>',
      'a setting and what it is swept over; may be given many times',
      collect,
      [],
    )
    .option('--samples <n>', 'draw so many of the combinations', wholeNumberOption(1))
    .option('--study-seed <n>', 'seed by which they are drawn', wholeNumberOption(0), 1)
    .addOption(
      jobsOption(
        'trials at the same time, each a process of its own; 0 writes the plan alone, for others to work on',
        0,
      ),
    )
    .addOption(leaseOption());
}

function leaseOption(): Option {
  const what = 'seconds without a sign of life from its worker after which another takes over a trial';
  return new Option('--lease <seconds>', what).argParser(numberOption).default(60);
}

async function sweep(name: string, flags: Flags, terminal: Terminal): Promise<number> {
  const { findScenario } = await import('../run/scenario/find-scenario');
  const { planStudy } = await import('../study/plan/plan-study');
  const { samples, studySeed, jobs, workers = 1, json = false } = flags;
  const plan = await planStudy(await findScenario(name, await filesBeside(flags)), {
    ...flags,
    samples: samples === undefined ? null : { count: samples, seed: studySeed },
    overrides: overridesOf(flags),
  });
  if (flags.dryRun) return dryRun(plan, flags, terminal);
  const { createStudy, workCommandOf } = await import('../study/study-directory');
  const { summarise } = await import('../study/study-report');
  const study = createStudy(flags.runs, plan, flags.name);
  const quiet = flags.quiet ?? false;
  const say = quiet ? () => {} : terminal.err;
  if (jobs === 0) {
    if (json) printJson(terminal, summarise(study, new Map()));
    say(
      `${plan.trials.length} trials of ${plan.scenario} are planned. Work on them, from wherever the folder is seen:\n`,
    );
    if (!json) terminal.out(`  ${workCommandOf(study.directory)}\n`);
    return 0;
  }
  say(`${plan.trials.length} trials of ${plan.scenario} in ${study.directory}, ${jobs} at a time\n`);
  return workAndReport(study, { jobs, workers, stays: true, quiet, json }, terminal);
}

/** Works on a study and prints what it came to. Returns the exit status. */
export async function workAndReport(
  study: Study,
  { json, ...options }: { jobs: number; workers: number; stays: boolean; quiet: boolean; json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { workOnStudy } = await import('../study/work-on-study');
  const { concludeStudy } = await import('../study/report-of-study');
  const said = 'interrupting: the trials write their checkpoints (once more to stop at once)';
  const { signal, release } = interruption(() => terminal.err(`\n${said}\n`));
  try {
    const settled = await workOnStudy(study, { ...options, signal });
    const { summary, report, draw } = concludeStudy(study, settled);
    if (json) printJson(terminal, summary);
    if (!options.quiet) (json ? terminal.err : terminal.out)(`\n${report()}\n`);
    const drawn = draw?.();
    if (drawn !== undefined && !options.quiet) terminal.err(`drawn: ${drawn}\n`);
    return summary.failed.length === 0 ? 0 : 1;
  } finally {
    release();
  }
}

async function dryRun(
  plan: StudyPlan,
  { jobs, workers = 1, json = false, quiet = false }: Flags,
  terminal: Terminal,
): Promise<number> {
  const { tryFirstTrial } = await import('../study/try-first-trial');
  const { firstTrials, howLong } = await import('../study/dry-run-lines');
  const print = quiet ? () => {} : json ? terminal.err : terminal.out;
  print(`${firstTrials(plan)}\n`);
  const { signal, release } = interruption(() => terminal.err('\ninterrupting the first trial\n'));
  try {
    const seconds = await tryFirstTrial(plan, workers, signal);
    const inAll = Math.ceil(plan.trials.length / Math.max(1, jobs)) * seconds;
    print(`${howLong(seconds, inAll, Math.max(1, jobs))}\n`);
    const { trials, ...about } = plan;
    if (json)
      printJson(terminal, {
        ...about,
        count: trials.length,
        trials,
        firstSeconds: seconds,
        seconds: inAll,
        jobs,
      });
    return 0;
  } finally {
    release();
  }
}
