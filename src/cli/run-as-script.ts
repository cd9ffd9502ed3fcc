import { runProcess } from './run-process';

/**
 * Makes a scenario's file a script of its own: `npx ts-node scenarios/boston.ts --preset smoke`. Does nothing where
 * the file is imported. Call it in the file's last line.
 */
export function runAsScript(module: NodeJS.Module): void {
  if (require.main === module) runProcess(['run', module.filename, ...process.argv.slice(2)]);
}
