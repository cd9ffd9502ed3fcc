import { Command } from 'commander';
import { type ConfigurationFlags, filesBeside, overridesOf, withConfiguration } from './options';
import { printJson, type Terminal } from './terminal';

/** `metaplast schedule <scenario>` */
export function scheduleCommand(terminal: Terminal): Command {
  const command = new Command('schedule')
    .description('print who runs when in a scenario, without running it')
    .argument('<scenario>', 'its name, or a file such as ./my-scenario.ts')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  metaplast schedule boston --set estimator=symmetric')
    .action(async (name: string, flags: ConfigurationFlags & { json?: boolean }) => {
      const { findScenario } = await import('../run/scenario/find-scenario');
      const { resolveConfig } = await import('../run/scenario/scenario');
      const { scheduleSummary } = await import('../clock/summary');
      const { scenario } = await findScenario(name, await filesBeside(flags));
      const run = scenario.schedule(resolveConfig(scenario, flags.preset, overridesOf(flags)));
      const { plan, tasks, batch = 1 } = run;
      if (flags.json) printJson(terminal, { scenario: scenario.name, tasks, batch, ...plan });
      else terminal.out(`${scenario.name}: ${scheduleSummary(run)}\n`);
    });
  return withConfiguration(command);
}
