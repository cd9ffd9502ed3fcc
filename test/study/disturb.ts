import fs from 'node:fs';
import path from 'node:path';
import { parseRecord } from '../../src/study/claims/claim-record';
import { type Running, start } from '../cli/command';
import { told } from './studies';

/** What was done to a study while it ran. */
export interface Disturbance {
  readonly workersKilled: number;
  readonly trialsKilled: number;
}

/**
 * Works on a study by so many workers until every trial has ended, and kills now a worker, now a trial, by `kill -9`, a few hundred milliseconds one
 * after the other. For each worker that is gone another comes. No trial is killed twice: its second crash would be its end.
 * @param kills How many in all.
 * @param random Of the order in which they die.
 * @param isOver Whether nothing is left to do.
 */
export async function disturb(
  study: string,
  { workers, jobs, kills, random }: { workers: number; jobs: number; kills: number; random: () => number },
  isOver = allHaveEnded(study),
): Promise<Disturbance> {
  const killedTrials = new Set<number>();
  let [workersKilled, trialsKilled] = [0, 0];
  const crew: (Running | null)[] = Array.from({ length: workers }, () => null);
  while (!isOver()) {
    for (let i = 0; i < workers; i++) {
      if (crew[i] !== null && crew[i]!.child.exitCode === null && crew[i]!.child.signalCode === null)
        continue;
      crew[i] = start(['work', study, '--jobs', String(jobs), '--quiet']);
    }
    await new Promise((resolve) => setTimeout(resolve, 100 + 900 * random()));
    if (workersKilled + trialsKilled >= kills) continue;
    if (random() < 0.5) {
      crew[Math.floor(random() * workers)]!.child.kill('SIGKILL');
      workersKilled++;
      continue;
    }
    const atWork = childrenOf(study).filter(({ trial }) => !killedTrials.has(trial));
    const victim = atWork[Math.floor(random() * atWork.length)];
    if (victim === undefined || !kill(victim.pid)) continue;
    killedTrials.add(victim.trial);
    trialsKilled++;
  }
  for (const running of crew) await running?.ended;
  return { workersKilled, trialsKilled };
}

function allHaveEnded(study: string): () => boolean {
  const total = JSON.parse(fs.readFileSync(path.join(study, 'study.json'), 'utf8')).trials.length;
  return () =>
    new Set(told(study).flatMap(({ event, trial }) => (/^(ended|failed)$/.test(event) ? [trial] : [])))
      .size === total;
}

function childrenOf(study: string): { trial: number; pid: number }[] {
  const folder = path.join(study, 'claims');
  return fs.readdirSync(folder).flatMap((name) => {
    const record = parseRecord(fs.readFileSync(path.join(folder, name), 'utf8'));
    return record?.state === 'held' && record.child !== null
      ? [{ trial: Number.parseInt(name, 10), pid: record.child.pid }]
      : [];
  });
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
