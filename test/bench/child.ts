import { spawn } from 'node:child_process';
import path from 'node:path';

const main = path.resolve(__dirname, '../../dist/src/cli/main.js');

/** What a command has printed, run from the build as users run it. */
export function startProcess(
  argv: readonly string[],
): Promise<{ readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.once('close', () => resolve({ out, err }));
  });
}
