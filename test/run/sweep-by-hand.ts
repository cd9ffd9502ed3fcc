/*
 * A larger sweep of damages than the tests have time for, with what links put in a file's place besides:
 *   npx ts-node -T test/run/sweep-by-hand.ts [flipped bits in each file, default 40]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { smallRuns } from './small-runs';
import { sweep } from './sweep';

async function main(flips: number): Promise<void> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-sweep-'));
  const runs = await smallRuns(home);
  for (const [name, directory] of Object.entries(runs)) {
    const begin = process.cpuUsage();
    const room = fs.mkdtempSync(path.join(home, 'room-'));
    const { counts, problems } = await sweep(directory, runs.finished, room, { flips, odd: true });
    const { user, system } = process.cpuUsage(begin);
    console.log(name, counts, `${((user + system) / 1e6).toFixed(1)} s of processor time`);
    for (const problem of problems) console.log(problem);
  }
  fs.rmSync(home, { recursive: true });
}

main(Number(process.argv[2] ?? 40));
