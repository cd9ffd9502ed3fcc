import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from '../../cli/command';
import { writeMiniScenario } from '../mini-scenario';
import { told } from '../studies';

/*
 * What a trial costs beside its own computing, in processor time: npm run build && npx ts-node -T test/study/by-hand/trial-overhead.ts
 * Each trial computes for 5 s by the clock of its process, or as many seconds as are named behind the command, in 10 steps.
 */
const trials = 20;
const computed = Number(process.argv[2] ?? 5);
const burn = `
  const begin = process.cpuUsage();
  for (let x = 1; ; ) {
    const { user, system } = process.cpuUsage(begin);
    if (user + system >= ${computed * 1e5}) break;
    for (let k = 0; k < 1e4; k++) x = Math.sqrt(x + k);
  }`;

function measure(typescript: boolean): void {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-overhead-'));
  const written = writeMiniScenario(home, burn);
  const scenario = typescript ? path.join(home, 'mini.ts') : written;
  if (typescript) fs.renameSync(written, scenario);
  const main = path.join(repository, 'dist/src/cli/main.js');
  const sweep = [
    ...[process.execPath, main, 'sweep', scenario, '--seeds', `1..${trials}`, '--jobs', '1', '--quiet'],
    ...['--set', 'ms=0', '--set', 'steps=10', '--runs', path.join(home, 'runs')],
  ];
  // The second line of `times` is what all children of the shell have taken, and theirs.
  const times = execFileSync('bash', ['-c', `"$@" && times`, 'bash', ...sweep], { encoding: 'utf8' });
  const [user, system] = [...times.split('\n')[1]!.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  );
  const study = path.join(home, 'runs', fs.readdirSync(path.join(home, 'runs'))[0]!);
  const of = told(study).flatMap(({ cpuSeconds }) =>
    cpuSeconds === undefined ? [] : [cpuSeconds - computed],
  );
  const all = user! + system! - trials * computed;
  const line = {
    scenario: path.basename(scenario),
    first: of[0]!.toFixed(3),
    others: of.slice(1).map((each) => each.toFixed(3)),
    perTrial: (all / trials).toFixed(3),
    ofFiveSeconds: `${((100 * all) / trials / 5).toFixed(1)} %`,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  fs.rmSync(home, { recursive: true });
}

for (const typescript of [false, true]) measure(typescript);
