import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Cell, type Count, inTurn, pause, repository, startNode } from './processes';

/** Milliseconds from when a run's directory appears to Ctrl-C: 200 to 400 in one half of the trials, 0 to 600 in the other. */
const delay = (index: number): number => (index % 2 === 0 ? 200 + 200 * Math.random() : 600 * Math.random());

/** Runs that are interrupted early: they must exit with 130 and say that their checkpoint is written, or be done before. */
export async function interruptedRuns({ trials, workers, library }: Cell, count: Count): Promise<void> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-interrupted-'));
  const main = path.join(repository, 'dist/src/cli/main.js');
  await inTurn(trials, async (index) => {
    const runs = path.join(home, String(index));
    const flags = ['--preset', 'smoke', '--workers', String(workers), '--runs', runs];
    const { child, end } = startNode([main, 'run', 'boston', ...flags], library);
    while (child.exitCode === null && !(fs.existsSync(runs) && fs.readdirSync(runs).length > 0))
      await pause(5);
    await pause(delay(index));
    child.kill('SIGINT');
    const { how, err } = await end();
    fs.rmSync(runs, { recursive: true, force: true });
    if (how === 'status 0') return count('done before');
    if (how === 'status 130' && err.includes('its checkpoint is written')) return count('interrupted');
    console.error(`\n${how}\n${err}`);
    count(how);
  });
  fs.rmSync(home, { recursive: true, force: true });
}
