import fs from 'node:fs';
import path from 'node:path';
import { ended } from './sweep';
import { writeTinyScenario } from './tiny-scenario';

/** The same small run, in three states. */
export interface SmallRuns {
  readonly finished: string;
  /** Its second step failed, after it had recorded something. */
  readonly stopped: string;
  /** What a kill in its second step leaves. */
  readonly killed: string;
}

/** Makes the runs in a folder. */
export async function smallRuns(home: string): Promise<SmallRuns> {
  fs.symlinkSync(path.resolve(__dirname, '../../node_modules'), path.join(home, 'node_modules'));
  const scenario = writeTinyScenario(home, { within: 'globalThis.afterLearning(i);' });
  const run = async (name: string, afterLearning: (i: number) => void): Promise<string> => {
    Object.assign(globalThis, { afterLearning });
    const runs = path.join(home, name);
    const small = [
      '--rules',
      'plain',
      '--engine',
      'reference',
      '--checkpoint-every',
      '1',
      '--quiet',
      '--name',
      'same',
    ];
    await ended(['run', scenario, '--runs', runs, ...small]);
    Object.assign(globalThis, { afterLearning: () => {} });
    return path.join(runs, fs.readdirSync(runs)[0]!);
  };
  const killed = path.join(home, 'killed');
  const finished = await run('finished', (i) => {
    if (i !== 1) return;
    fs.cpSync(path.join(home, 'finished'), killed, { recursive: true });
    for (const [name] of [fs.readdirSync(killed)]) fs.rmSync(path.join(killed, name!, '.lock'));
  });
  const stopped = await run('stopped', (i) => {
    if (i === 1) throw new Error('stopped');
  });
  return { finished, stopped, killed: path.join(killed, path.basename(finished)) };
}
