/*
 * What a task of a scenario costs by a queue: npx ts-node -T test/cluster/by-hand/measure-traffic.ts URL OPTIONS OF A RUN...
 * URL: of a Redis that is at nothing else. Two runs of different length are compared, so that what a run costs once falls out.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Redis from 'ioredis';

const [url = 'redis://127.0.0.1:6379', ...options] = process.argv.slice(2);
const cli = path.resolve(__dirname, '../../../dist/src/cli/main.js');
const batch = 16;
const lengths = [20, 60];

/** Seconds of user and system time of a process. */
function cpuOf(pid: number): number {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function serverCounts(client: Redis) {
  const text = await client.info();
  const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)![1]);
  return {
    received: of('total_net_input_bytes'),
    sent: of('total_net_output_bytes'),
    commands: of('total_commands_processed'),
    serverMs: 1000 * (of('used_cpu_user') + of('used_cpu_sys')),
  };
}

async function measure(client: Redis, workerPid: number, metaSteps: number) {
  const counts = async () => ({ ...(await serverCounts(client)), workerMs: 1000 * cpuOf(workerPid) });
  const before = await counts();
  const settings = [
    '--set',
    `metaSteps=${metaSteps}`,
    '--set',
    `batch=${batch}`,
    '--set',
    'unseen.every=100000',
  ];
  const child = spawn(process.execPath, [cli, 'run', ...options, ...settings, '--queue', url, '--quiet'], {
    stdio: 'inherit',
  });
  // Its last reading before it ends: a process that has ended has none.
  let runMs = 0;
  const reading = setInterval(() => {
    try {
      runMs = 1000 * cpuOf(child.pid!);
    } catch {}
  }, 10);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(reading);
  if (status !== 0) throw new Error(`the run ended with status ${status}`);
  const after = await counts();
  const keys = Object.keys(before) as (keyof typeof before)[];
  return { ...Object.fromEntries(keys.map((key) => [key, after[key] - before[key]])), runMs } as Record<
    string,
    number
  >;
}

async function main(): Promise<void> {
  const client = new Redis(url);
  const worker = spawn(
    process.execPath,
    [cli, 'worker', '--queue', url, '--threads', '1', '--quiet', '--no-config'],
    {
      stdio: 'inherit',
    },
  );
  await wait(1500);
  await measure(client, worker.pid!, lengths[1]!); // V8 compiles
  const [short, long] = [
    await measure(client, worker.pid!, lengths[0]!),
    await measure(client, worker.pid!, lengths[1]!),
  ];
  const tasks = batch * (lengths[1]! - lengths[0]!);
  for (const key of Object.keys(short))
    console.log(`${key} a task: ${((long[key]! - short[key]!) / tasks).toFixed(2)}`);
  worker.kill('SIGKILL');
  client.disconnect();
}

void main();
