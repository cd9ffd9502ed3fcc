import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { start } from '../../cli/command';
import { disturb } from '../disturb';
import { writeMiniScenario } from '../mini-scenario';
import { courses, resultsOf, studyIn, told } from '../studies';

/* 200 trials in peace, and again with 40 kills of workers and trials: npm run build && npx ts-node -T test/study/by-hand/many-kills.ts */
async function manyKills(): Promise<void> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-kills-'));
  const scenario = writeMiniScenario(home);
  const begin = async (runs: string) => {
    const space = ['--seeds', '1..20', '--sweep', 'scale=0,1', '--sweep', 'group.a=lin(1..5,5)'];
    const flags = ['--jobs', '4', '--checkpoint-every', '1', '--quiet', '--set', 'steps=12'];
    const running = start(['sweep', scenario, '--runs', path.join(home, runs), ...space, ...flags]);
    return { running, study: await studyIn(path.join(home, runs)) };
  };
  const peaceful = await begin('peaceful');
  await peaceful.running.ended;
  const killed = await begin('killed');
  killed.running.child.kill('SIGKILL');
  let state = 11;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const done = await disturb(killed.study, { workers: 3, jobs: 2, kills: 40, random });
  const [before, after] = [resultsOf(peaceful.study), resultsOf(killed.study)];
  const files = Object.keys(before);
  const different = [...new Set([...files, ...Object.keys(after)])].filter(
    (file) => before[file] !== after[file],
  );
  const events = told(killed.study).map(({ event }) => event);
  const count = (event: string) => events.filter((each) => each === event).length;
  const cpu = told(peaceful.study).flatMap(({ cpuSeconds }) =>
    cpuSeconds === undefined ? [] : [cpuSeconds],
  );
  process.stdout.write(
    `${JSON.stringify({
      ...done,
      trials: Object.keys(courses(killed.study)).length,
      ended: count('ended'),
      failed: count('failed'),
      resumed: count('resumed'),
      retried: count('retried'),
      files: files.length,
      different,
      meanCpuSeconds: cpu.reduce((a, b) => a + b, 0) / cpu.length,
    })}\n`,
  );
  fs.rmSync(home, { recursive: true });
}

void manyKills();
