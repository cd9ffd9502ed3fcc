import { Command } from 'commander';
import { KernelError } from '../core/errors';
import type { Activities } from '../kernel/activities';
import type { LocalityAudit } from '../kernel/audit-locality';
import type { NamedAudit } from '../kernel/audit-module';
import { printJson, type Terminal } from './terminal';

const help = `
It tells of each kernel which quantities of its own synapse it reads, and which numbers it is given for all synapses alike.
What those are made of is not in its text: a sum over the network can come in by them.

Verdicts:
  local                            it reads its own synapse only, and runs on every engine
  not local                        it reads another synapse's, or may; with expression and line
  local, but outside the dialect   engines do not take it as it is written; with what to write

The file is read, never run, unless it defines synapse models: their rules are made from their energies, by running it.

Examples:
  metaplast audit my-rule.js
  metaplast audit my-rules.ts --json
  metaplast audit models/bcm.ts --credit activity
  metaplast audit my-synapse.ts

Exit status: 0 local, 1 not local or outside the dialect, 2 no kernel at all.`;

/** `metaplast audit <file>` */
export function auditCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('audit')
    .description(
      'tell whether rules are local: a kernel, all that a file gives to defineRule, or a synapse model',
    )
    .argument(
      '<file>',
      'JavaScript or TypeScript: it exports one kernel function, or calls defineRule or defineSynapse',
    )
    .option('--json', 'print one JSON document on stdout')
    .option(
      '--credit <word>',
      'what the rules are for: then it tells what they read of the two neurons of a synapse (activity, dual, equilibrium, ...)',
    )
    .addHelpText('after', help)
    .action(async (path: string, { json = false, credit }: { json?: boolean; credit?: string }) => {
      const { auditLocalityOfModule } = await import('../kernel/audit-module');
      const { ruleText } = await import('./audit-texts');
      const { text, lineOf } = await ruleText(path);
      const activities = credit === undefined ? undefined : await activitiesOf(credit);
      const audit = auditLocalityOfModule(text, lineOf, activities);
      const { definesSynapses, kernels: written, ...asWritten } = audit;
      const made = definesSynapses ? await ofSynapses(path) : [];
      if (written.length + made.length === 0) throw noModel(path);
      const { together } = await import('../kernel/audit-locality');
      const kernels = [...written, ...made];
      const whole = together([asWritten, ...made]);
      if (json) printJson(terminal, { ...whole, kernels, ...(activities && { activities }) });
      else terminal.out(told(path, whole, kernels, activities));
      exit(whole.local ? 0 : 1);
    });
}

const noModel = (path: string): KernelError =>
  new KernelError({
    what: 'The file defines synapse models, but exports none and has no rule',
    got: path,
    legal: 'export what defineSynapse() makes; of a function that makes models, export one that it has made',
  });

async function activitiesOf(credit: string): Promise<Activities> {
  const { creditActivities } = await import('../network/credit/credits');
  return creditActivities(credit);
}

/** The audits of the rules of every synapse model that a file exports. */
async function ofSynapses(path: string): Promise<NamedAudit[]> {
  const { auditModel } = await import('../synapse/audit-model');
  const { synapsesOf } = await import('../run/scenario/load-synapse');
  return (await synapsesOf(path, path)).flatMap(([name, model]) => auditModel(name, model));
}

function told(
  path: string,
  whole: LocalityAudit,
  kernels: readonly NamedAudit[],
  activities?: Activities,
): string {
  const lines = kernels.length > 1 ? kernels.map((kernel) => toldOfKernel(kernel, activities)) : [];
  const reads = kernels.length > 1 ? [] : toldReads(whole, activities);
  const violations = whole.violations.map(
    ({ line, expression, why }) => `${path}:${line}: \`${expression}\` ${why}`,
  );
  return `${[`${path}: ${whole.verdict}`, ...reads, ...lines, ...violations].join('\n')}\n`;
}

function toldOfKernel(audit: NamedAudit, activities?: Activities): string {
  const { rule, writes, verdict } = audit;
  const name = [rule ?? 'a kernel', ...(writes === null ? [] : [`writes ${writes}`])].join(', ');
  return [`  ${name}: ${verdict}`, ...toldReads(audit, activities).map((line) => `  ${line}`)].join('\n');
}

function toldReads({ quantities, scalars }: LocalityAudit, activities?: Activities): string[] {
  const { pre, post } = activities ?? { pre: [], post: [] };
  const listed = (names: readonly string[]) => names.join(', ') || 'none';
  const of = (names: readonly string[]) => listed(quantities.filter((name) => names.includes(name)));
  const own = quantities.filter((name) => ![...pre, ...post].includes(name));
  return [
    `  its own quantities: ${listed(own)}`,
    ...(activities === undefined
      ? []
      : [`  its presynaptic neuron: ${of(pre)}`, `  its postsynaptic neuron: ${of(post)}`]),
    `  one number for all synapses: ${listed(scalars)}`,
  ];
}
