import { Command, Option } from 'commander';
import type { SearchPlan } from '../study/search/search-plan';
import { filesBeside, overridesOf, wholeNumberOption } from './options';
import { type RunFlags, withRunFlags } from './run';
import { type StudyFlags, withStudyFlags, workAndReport } from './sweep';
import { printJson, type Terminal } from './terminal';

interface Flags extends Omit<RunFlags, 'seed' | 'verbose'>, StudyFlags {
  readonly space?: string;
  readonly metric?: string;
  readonly stop: SearchPlan['stop'];
  readonly grace: number;
  readonly reduction: number;
}

const help = `
Examples:
  metaplast search boston --sweep beta=log(0.01..1,5) --sweep meta.rate=log(1e-3..1,7)
  metaplast search boston --sweep 'meta.rate=loguniform(1e-3..1)' --samples 30 --stop median --grace 5
  metaplast search sinusoid --metric heldOut --sweep contrastive.beta=0.1,0.3,1 --sweep meta.rate=3e-4,1e-3,3e-3
  metaplast search --space s1 --dry-run          the search of the paper's Table S1: what it would run
  metaplast search --space s2 --samples 50 --jobs 0       write the plan alone, for metaplast work STUDY on other machines
  metaplast search --space ./my-space.json --set metaSteps=30

Ready spaces: s1, s2, s3, s4 (contrastive), s1-t1t2, s2-t1t2, s3-t1t2, s4-t1t2: Tables S1 to S4 of the paper. A setting of a space that --set or --sweep
names is taken from there.

  halving   of the trials that have come to meta-step GRACE, the best of each REDUCTION go on to GRACE REDUCTION, and so on; one that
            had to wait goes on from its checkpoint, once enough others are worse
  median    at each GRACE meta-steps, a trial stops whose best value is worse than the median of the means of others
  none      every trial runs to its end

Trials come in random order (--study-seed), and are compared with those of the same seed. More workers join from any terminal or machine that sees the folder: metaplast work STUDY. A trial
that was stopped is a run that metaplast resume goes on with.`;

/** `metaplast search [scenario]` */
export function searchCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const command = new Command('search')
    .description('search for good settings of a scenario: trials that fall behind are stopped early')
    .argument('[scenario]', 'its name, or a file; may be left out where the space names it')
    .option('--space <name>', 'what is searched: s1, ..., or a file such as ./my-space.json')
    .option(
      '--metric <path>',
      'a number that the scenario records by metaStep, such as heldOut or heldOut.accuracy:max (default: that of the space, or the scenario’s held-out loss)',
    )
    .addOption(
      new Option('--stop <rule>', 'which trials are stopped early')
        .choices(['median', 'halving', 'none'])
        .default('halving'),
    )
    .option('--grace <n>', 'meta-steps before which none is stopped', wholeNumberOption(1), 10)
    .option('--reduction <n>', 'by halving: of so many trials one goes on', wholeNumberOption(2), 3);
  withStudyFlags(command)
    .option('--dry-run', 'run and write nothing: what would be searched')
    .addHelpText('after', help)
    .action(async (name: string | undefined, flags: Flags) =>
      exit(await search(name, presetOf(command, flags), terminal)),
    );
  return withRunFlags(command, 'study');
}

/** The flags, with the preset only where somebody asked for it. */
function presetOf(command: Command, flags: Flags): Omit<Flags, 'preset'> & { readonly preset?: string } {
  const isAsked = command.getOptionValueSource('preset') !== 'default';
  return { ...flags, preset: isAsked ? flags.preset : undefined };
}

async function search(
  name: string | undefined,
  flags: ReturnType<typeof presetOf>,
  terminal: Terminal,
): Promise<number> {
  const { findScenario } = await import('../run/scenario/find-scenario');
  const { readSpace } = await import('../study/search/space/space-file');
  const { planSearch } = await import('../study/search/plan-search');
  const { searchInBrief } = await import('../study/search/report/search-in-brief');
  const { isOfTestData } = await import('../study/search/course/known-courses');
  const { studySeed, jobs, workers = 1, json = false, quiet = false } = flags;
  const space = flags.space === undefined ? null : readSpace(flags.space);
  const scenario = await findScenario(name ?? (await scenarioOf(space)), await filesBeside(flags));
  const samples = flags.samples ?? space?.samples;
  const preset = flags.preset ?? space?.preset ?? 'cpu';
  const plan = await planSearch(scenario, {
    ...flags,
    preset,
    space,
    samples: samples === undefined ? null : { count: samples, seed: studySeed },
    orderSeed: studySeed,
    overrides: overridesOf({ ...flags, preset }),
  });
  const say = quiet ? () => {} : terminal.err;
  const { metric } = plan.search!;
  if (isOfTestData(metric))
    say(`warning: ${metric} is of test data: what is chosen by them, they no longer judge\n`);
  if (flags.dryRun) {
    if (json) printJson(terminal, plan);
    if (!quiet) (json ? terminal.err : terminal.out)(`${searchInBrief(plan, space)}\n`);
    return 0;
  }
  const { createStudy, workCommandOf } = await import('../study/study-directory');
  const study = createStudy(flags.runs, plan, flags.name);
  if (jobs === 0) {
    const { summarise } = await import('../study/study-report');
    if (json) printJson(terminal, summarise(study, new Map()));
    say(
      `${plan.trials.length} trials of ${plan.scenario} are planned. Work on them, from wherever the folder is seen:\n`,
    );
    if (!json) terminal.out(`  ${workCommandOf(study.directory)}\n`);
    return 0;
  }
  say(`${searchInBrief(plan, space)}\nIn ${study.directory}, ${jobs} at a time\n`);
  return workAndReport(study, { jobs, workers, stays: true, quiet, json }, terminal);
}

async function scenarioOf(
  space: { readonly scenario?: string; readonly name: string } | null,
): Promise<string> {
  if (space?.scenario !== undefined) return space.scenario;
  const { InputError } = await import('../core/errors');
  throw new InputError({
    what:
      space === null
        ? 'A search needs a scenario'
        : `The search space ${space.name} (--space) names no scenario`,
    legal: 'metaplast search SCENARIO, whose names metaplast list prints',
  });
}
