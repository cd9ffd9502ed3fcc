import { Command } from 'commander';
import type { TaskPlan } from '../clock/schedule';
import {
  type ConfigurationFlags,
  filesBeside,
  overridesOf,
  wholeNumberOption,
  withConfiguration,
} from './options';
import { printJson, type Terminal } from './terminal';

type Flags = ConfigurationFlags & { json?: boolean; sweepStride?: number };

/** Which sweeps of neurons a plan is to have: of several sources of credit, those of the first by neurons that settle. */
async function neuralOf(config: object, sweepStride: number | undefined): Promise<Pick<TaskPlan, 'neural'>> {
  if (sweepStride === undefined) return {};
  const { creditNamed } = await import('../network/credit/credits');
  const { creditsIn } = await import('../few-shot/by-credit');
  const { sweepsOf } = await import('../learning/neural-course');
  const { credit: words = 'backprop' } = config as { credit?: string };
  const credits = creditsIn(words).map((word) => creditNamed(word));
  return { neural: sweepsOf(credits.find(({ settles }) => settles) ?? credits[0]!, sweepStride) };
}

/** `metaplast schedule <scenario>` */
export function scheduleCommand(terminal: Terminal): Command {
  const command = new Command('schedule')
    .description('print who runs when in a scenario, without running it')
    .argument('<scenario>', 'its name, or a file such as ./my-scenario.ts')
    .option(
      '--sweep-stride <sweeps>',
      'show how neurons settle inside each step, by the --credit: sweeps from one event to the next',
      wholeNumberOption(1),
    )
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  metaplast schedule boston --set estimator=symmetric\n  metaplast schedule boston --credit equilibrium:sweeps=40 --sweep-stride 10',
    )
    .action(async (name: string, flags: Flags) => {
      const { findScenario } = await import('../run/scenario/find-scenario');
      const { resolveConfig } = await import('../run/scenario/scenario');
      const { scheduleSummary } = await import('../clock/summary');
      const { scenario } = await findScenario(name, await filesBeside(flags));
      const config = resolveConfig(scenario, flags.preset, overridesOf(flags));
      const run = scenario.schedule(config);
      const { tasks, batch = 1 } = run;
      const plan = { ...run.plan, ...(await neuralOf(config, flags.sweepStride)) };
      if (flags.json) printJson(terminal, { scenario: scenario.name, tasks, batch, ...plan });
      else terminal.out(`${scenario.name}: ${scheduleSummary({ ...run, plan })}\n`);
    });
  return withConfiguration(command);
}
