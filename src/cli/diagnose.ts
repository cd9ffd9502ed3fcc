import { Command } from 'commander';
import { interruption } from './interruption';
import { storedScenarioOption } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly json?: boolean;
  readonly scenario?: 'stored';
}

/** `metaplast diagnose <run directory>` */
export function diagnoseCommand(terminal: Terminal): Command {
  return new Command('diagnose')
    .description('say whether the meta-gradients of a run are derivatives or noise, and what to change')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .addOption(storedScenarioOption())
    .option('--json', 'print verdict, reason, advice and all evidence as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Example:
  metaplast diagnose runs/2026-01-31-boston-cpu-s1

Verdicts: good; biased (lower beta); noisy (more steps, larger lambda or beta); no equilibrium. Where credit comes from
neurons (--credit): surrogate (a lower nudge); unsettled neurons (more sweeps); no gradient (another source).
It settles the phases of a few estimates at the run's last checkpoint, and changes nothing in the run directory.`,
    )
    .action(async (directory: string, { json = false, scenario }: Flags) => {
      const { diagnoseRun } = await import('../run/trust/diagnose-run');
      const { trustLines } = await import('../run/trust/report-lines');
      const { signal, release } = interruption(() => terminal.err('\ninterrupting\n'));
      try {
        const diagnosed = await diagnoseRun(directory, signal, scenario);
        for (const warning of diagnosed.warnings) terminal.err(`warning: ${warning}\n`);
        if (json) return printJson(terminal, diagnosed);
        for (const { label, trust } of diagnosed.diagnoses) {
          terminal.out(`${label}, after ${diagnosed.position} steps of the run\n`);
          terminal.out(`${trustLines(trust).join('\n')}\n`);
        }
      } finally {
        release();
      }
    });
}
