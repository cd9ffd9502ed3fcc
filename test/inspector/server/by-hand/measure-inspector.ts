/**
 * How long the inspector's server takes, by the clock and of processor time, and what memory it has in the end.
 *
 *     npm run build && npx ts-node -T test/inspector/server/by-hand/measure-inspector.ts [runs] [rows] [synapses]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { start } from '../../../cli/command';
import { makeRun } from '../../../study/compare/made-runs';
import { TraceFiles } from '../made-traces';

const [runs = 500, rows = 1_000_000, synapses = 100] = process.argv.slice(2).map(Number);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-measure-'));
const server = (served: string) => start(['inspect', served, '--port', '0']);

function cpuSeconds(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const memory = (pid: number, name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

async function addressOf({ child }: ReturnType<typeof server>): Promise<string> {
  return new Promise((resolve) => child.stdout!.once('data', (line) => resolve(String(line).trim())));
}

/** Prints how long an answer takes, a few times. */
async function measure(pid: number, what: string, address: string, times = 1, headers = {}): Promise<void> {
  const walls: number[] = [];
  let bytes = 0;
  const before = cpuSeconds(pid);
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    const response = await fetch(address, { headers });
    bytes = (await response.arrayBuffer()).byteLength;
    walls.push(performance.now() - begin);
    if (response.status >= 400) throw new Error(`${address}: ${response.status}`);
  }
  const cpu = (1000 * (cpuSeconds(pid) - before)) / times;
  const middle = walls.sort((a, b) => a - b)[Math.floor(times / 2)]!;
  console.log(
    `${what.padEnd(56)} ${middle.toFixed(1).padStart(8)} ms  ${cpu.toFixed(1).padStart(8)} ms of processor  ${bytes} bytes`,
  );
}

async function lists(count: number): Promise<void> {
  const of = path.join(folder, `list-${count}`);
  const config = JSON.parse(fs.readFileSync(path.join(__dirname, 'config-of-boston.json'), 'utf8'));
  const { summary, ...stored } = config;
  for (let seed = 0; seed < count; seed++)
    makeRun(path.join(of, `2026-01-31-boston-cpu-s${seed}`), {
      seed,
      summary,
      config: stored.config,
      stored,
      records: [{ metaStep: 1, train: seed }],
    });
  const running = server(of);
  const pid = running.child.pid!;
  const address = await addressOf(running);
  await measure(pid, `list of ${count} runs, first`, `${address}api/runs`);
  await measure(pid, `list of ${count} runs, again`, `${address}api/runs`, 20);
  const { headers } = await fetch(`${address}api/runs`);
  await measure(pid, `list of ${count} runs, asked whether it has changed`, `${address}api/runs`, 20, {
    'if-none-match': headers.get('etag'),
  });
  console.log(`memory ${memory(pid, 'VmRSS').toFixed(0)} MiB`);
  running.child.kill('SIGINT');
  await running.ended;
}

async function traces(): Promise<void> {
  const of = path.join(folder, 'traces');
  const run = makeRun(path.join(of, 'long'), { state: 'running' });
  let state = 1;
  const values = (_row: number, into: Float64Array) => {
    for (let i = 0; i < into.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      into[i] = state / 2 ** 32 - 0.5;
    }
  };
  const files = new TraceFiles(run, 'synapses', { synapses, values }).growTo(rows);
  const wide = new TraceFiles(run, 'wide', {
    synapses: 466_698,
    values: (row, into) => into.fill(row),
  }).growTo(100);
  const running = server(of);
  const pid = running.child.pid!;
  const at = await addressOf(running);
  const course = `${at}api/course?id=long&trace=synapses&variables=phi`;
  const row = (i: number) => `${at}api/frame?id=long&trace=synapses&variable=phi&row=${i}`;
  await measure(pid, `course over ${rows} x ${synapses}, first`, `${course}&columns=3`);
  await measure(pid, 'course over all of it, again', `${course}&columns=3`, 20);
  await measure(
    pid,
    'course of 20 other synapses',
    `${course}&columns=${Array.from({ length: 20 }, (_, i) => 4 * i)}`,
    20,
  );
  await measure(
    pid,
    'course over a tenth of it',
    `${course}&columns=3&from=12345&to=${12_345 + rows / 10}`,
    20,
  );
  await measure(pid, 'course over 1,000 rows', `${course}&columns=3&from=500123&to=501123`, 20);
  await measure(pid, 'timeline of all of it, first', `${at}api/timeline?id=long&trace=synapses`);
  await measure(pid, 'timeline of all of it, again', `${at}api/timeline?id=long&trace=synapses`, 20);
  await measure(
    pid,
    'timeline of a tenth of it, first',
    `${at}api/timeline?id=long&trace=synapses&from=1000&to=${1000 + rows / 10}`,
  );
  await measure(pid, 'frame of 100 synapses', row(777_777 % rows), 50);
  await measure(
    pid,
    'frame of 466,698 synapses',
    `${at}api/frame?id=long&trace=wide&variable=phi&row=50`,
    20,
  );
  await measure(
    pid,
    'course over 100 x 466,698, of 10 synapses',
    `${at}api/course?id=long&trace=wide&variables=phi&columns=${Array.from({ length: 10 }, (_, i) => 40_000 * i)}`,
    20,
  );
  files.growTo(rows + 1000);
  await measure(pid, 'course over all of it, 1,000 rows later', `${course}&columns=3`);
  await measure(pid, 'details of the run', `${at}api/run?id=long`, 20);
  console.log(
    `memory ${memory(pid, 'VmRSS').toFixed(0)} MiB, at most ${memory(pid, 'VmHWM').toFixed(0)} MiB`,
  );
  for (const each of [files, wide]) each.close();
  running.child.kill('SIGINT');
  await running.ended;
}

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${os.cpus()[0]!.model}, ${os.cpus().length} cores`);
  try {
    await lists(runs);
    await lists(2 * runs);
    await traces();
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main();
