import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { InputError } from '../core/errors';
import { printJson, type Terminal } from './terminal';

/** `metaplast audit <rule.js>` */
export function auditCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('audit')
    .description('tell whether a rule is local, from its text alone; the file is never run')
    .argument('<file>', 'a JavaScript file whose module.exports or default export is one kernel function')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  metaplast audit my-rule.js --json\n\nExit status: 0 local, 1 not local, 2 no kernel at all.',
    )
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      const { auditLocalityOfModule } = await import('../kernel/audit-locality');
      const audit = auditLocalityOfModule(readText(path));
      if (json) printJson(terminal, audit);
      else if (audit.local) terminal.out(`${path}: local\n`);
      for (const { line, expression, why } of json ? [] : audit.violations) {
        terminal.out(`${path}:${line}: \`${expression}\` ${why}\n`);
      }
      exit(audit.local ? 0 : 1);
    });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError({ what: `The rule file cannot be read: ${(error as Error).message}`, got: path });
  }
}
