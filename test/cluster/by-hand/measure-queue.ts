/*
 * What a task costs by a queue, and how far two workers share tasks: npx ts-node -T test/cluster/by-hand/measure-queue.ts URL [tasks] [rounds]
 * Beside them: two processes that learn the same without a queue, at the same time, which is what the machine's two cores give at best.
 * URL: of a server that is at nothing else. Processor time is of this process and of the workers, not of the server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as m from '../../../dist/src';

const [url = 'redis://127.0.0.1:6379', tasks = '32', rounds = '5', sizes = '200,2000,10000'] =
  process.argv.slice(2);
const batch = Number(tasks);
const cli = path.resolve(__dirname, '../../../dist/src/cli/main.js');

/** Threads of 10 ms: user and system time of a process that is not this one. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const ownCpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function learnerOf(steps: number, host?: m.TaskHost): m.StreamLearner {
  const network = m.mlp([1, 40, 40, 1], { synapse: m.complexSynapse });
  const phase = (count: number) => ({ optimizer: m.nesterov({ rate: 1e-4 }), steps: count, tolerance: 0 });
  const rule = m.contrastive({ estimator: m.symmetric(0.1), free: phase(steps), nudged: phase(steps / 2) });
  const rules = m.plainExecutor();
  return new m.StreamLearner({
    network,
    learner: m.contrastiveLearner({ network, rule, rules }),
    stream: new m.TaskStream({ source: m.sinusoids(), random: new m.RandomStreams(1).stream('tasks') }),
    meta: { optimizer: m.adam({ rate: 1e-4 }), learn: ['omega'] },
    initial: { lambda: 0.5 },
    ...{ batch, engine: 'simd', rules, seed: 1 },
    ...(host === undefined ? {} : { host }),
    warn: () => {},
  });
}

interface Round {
  readonly wall: number;
  readonly cpu: number;
  /** Of this process alone. */
  readonly own: number;
}

/** Meta-steps that are not counted: V8 compiles what the first 600 small tasks run, or the first few large ones. */
const warmFor = (steps: number): number => (steps >= 2000 ? 2 : Math.ceil(640 / batch));

/** Each meta-step, behind those. */
async function measure(
  learner: m.StreamLearner,
  warm: number,
  workers: readonly ChildProcess[],
): Promise<Round[]> {
  const measured: Round[] = [];
  const cpu = () => ownCpu() + workers.reduce((sum, worker) => sum + cpuOf(worker), 0);
  for (let i = 0; i < Number(rounds) + warm; i++) {
    const before = { wall: performance.now(), cpu: cpu(), own: ownCpu() };
    await learner.metaStep();
    const [wall, all, own] = [performance.now() - before.wall, cpu() - before.cpu, ownCpu() - before.own];
    if (i >= warm) measured.push({ wall, cpu: 1000 * all, own: 1000 * own });
  }
  await learner.close();
  return measured;
}

const startWorker = (): ChildProcess =>
  spawn(process.execPath, [cli, 'worker', '--queue', url, '--threads', '1', '--quiet', '--no-config'], {
    stdio: 'inherit',
  });

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const of = (measured: readonly Round[], what: keyof Round) => median(measured.map((round) => round[what]));

/** Milliseconds a task of processes that learn by themselves, all at the same time. */
async function sideBySide(count: number, steps: number): Promise<number> {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1, 5), `alone ${steps}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const times = await Promise.all(
    children.map(async ({ stdout }) => {
      let text = '';
      for await (const chunk of stdout) text += chunk;
      return Number(text);
    }),
  );
  return times.reduce((sum, time) => sum + time, 0) / count;
}

async function main(): Promise<void> {
  if (sizes.startsWith('alone ')) {
    const steps = Number(sizes.slice(6));
    const here = await measure(learnerOf(steps), warmFor(steps), []);
    console.log(of(here, 'wall') / batch);
    return;
  }
  for (const steps of sizes.split(',').map(Number)) {
    const here = await measure(learnerOf(steps), warmFor(steps), []);
    const each = of(here, 'wall') / batch;
    console.log(
      `\ntasks of ${steps} + 2 x ${steps / 2} steps, ${batch} a meta-step: one thread ${each.toFixed(2)} ms a task, ${(of(here, 'cpu') / batch).toFixed(2)} ms of processor`,
    );
    const both = await sideBySide(2, steps);
    console.log(`  two processes at the same time, without a queue: ${both.toFixed(2)} ms a task each`);
    for (const count of [1, 2]) {
      const workers = Array.from({ length: count }, startWorker);
      const host = await m.queueHost(url);
      await wait(2500);
      const there = await measure(learnerOf(steps, host), warmFor(steps), workers);
      await host.close();
      for (const worker of workers) worker.kill();
      const wall = of(there, 'wall') / batch;
      console.log(
        `  ${count} ${count === 1 ? 'worker ' : 'workers'}: ${wall.toFixed(2)} ms a task (${(there.length ? Math.min(...there.map((r) => r.wall)) / batch : 0).toFixed(2)} at best), ` +
          `${(wall - each / count).toFixed(2)} ms more than ${count === 1 ? 'one thread' : 'half of one thread'}; efficiency ${((100 * each) / (count * wall)).toFixed(1)} %${count === 2 ? `, of what two processes come to ${((100 * both) / (2 * wall)).toFixed(1)} %` : ''}; ` +
          `processor ${((of(there, 'cpu') - of(here, 'cpu')) / batch).toFixed(2)} ms more a task, of which ${(of(there, 'own') / batch).toFixed(2)} ms in the run's process`,
      );
    }
  }
}

void main();
