/**
 * What it costs a run to be watched: the same run again and again, in turn alone and with an inspector whose page listens to it. Both are processes of their own;
 * what is compared is the processor time of the run's process, and its seconds by the clock.
 *
 *     npx ts-node -T test/inspector/by-hand/slowdown.ts 10
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const main = path.join(__dirname, '../../../dist/src/cli/main.js');
const rounds = Number(process.argv[2] ?? 10);
const settings = process.argv.slice(3);
const given = settings.length > 0 ? settings : ['sinusoid', '--set', 'metaSteps=600'];
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-slowdown-'));

/** An inspector, and one that listens to all runs and to each in turn. */
async function watching(): Promise<{ listen(id: string): void; received(): number; end(): Promise<void> }> {
  const child = spawn(process.execPath, [main, 'inspect', home, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await new Promise<string>((resolve) => {
    createInterface(child.stdout).on('line', (line) => /^http:/.test(line) && resolve(line));
  });
  const requests: http.ClientRequest[] = [];
  let received = 0;
  const listen = (id: string): void => {
    const request = http.get(new URL(`/api/live?id=${encodeURIComponent(id)}`, address), (answer) => {
      answer.on('data', (part: Buffer) => {
        received += part.length;
      });
      answer.on('error', () => {});
    });
    request.on('error', () => {});
    requests.push(request);
  };
  return {
    listen,
    received: () => received,
    async end() {
      for (const request of requests) request.destroy();
      child.kill('SIGINT');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

/** Processor time and seconds of one run. */
async function run(
  round: number,
  watched: boolean,
): Promise<{ processor: number; clock: number; bytes: number }> {
  const name = `${watched ? 'watched' : 'alone'}-${round}`;
  const inspector = watched ? await watching() : null;
  const begin = performance.now();
  const usage = path.join(home, `${name}.json`);
  const script = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.cpuUsage()))); process.argv.splice(1, 0, ${JSON.stringify(main)}); require(${JSON.stringify(main)});`;
  const child = spawn(
    process.execPath,
    ['-e', script, '--', 'run', ...given, '--runs', home, '--name', name, '--quiet'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const looking = setInterval(() => {
    const id = fs.readdirSync(home).find((entry) => entry.includes(name) && !entry.endsWith('.json'));
    if (id === undefined || inspector === null) return;
    inspector.listen(id);
    clearInterval(looking);
  }, 100);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(looking);
  const clock = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(`the run ended with ${status}`);
  const bytes = inspector?.received() ?? 0;
  await inspector?.end();
  const { user, system } = JSON.parse(fs.readFileSync(usage, 'utf8')) as { user: number; system: number };
  return { processor: (user + system) / 1e6, clock, bytes };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function compare(): Promise<void> {
  const pairs: { alone: Awaited<ReturnType<typeof run>>; watched: Awaited<ReturnType<typeof run>> }[] = [];
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, so that neither always follows the other.
    const first = await run(round, round % 2 === 1);
    const second = await run(round, round % 2 === 0);
    pairs.push(round % 2 === 1 ? { watched: first, alone: second } : { alone: first, watched: second });
    const { alone, watched } = pairs.at(-1)!;
    console.log(
      `${round}: alone ${alone.processor.toFixed(2)} s of processor time, ${alone.clock.toFixed(2)} s by the clock; watched ${watched.processor.toFixed(2)} s, ${watched.clock.toFixed(2)} s, ${watched.bytes} bytes of events`,
    );
  }
  const ratios = (of: (one: { processor: number; clock: number }) => number): number[] =>
    pairs.map(({ alone, watched }) => of(watched) / of(alone));
  const words = (values: readonly number[]): string =>
    `${((median(values) - 1) * 100).toFixed(2)} % (median of ${values.length} pairs; ${((Math.min(...values) - 1) * 100).toFixed(1)} to ${((Math.max(...values) - 1) * 100).toFixed(1)} %)`;
  console.log(`slowdown of processor time: ${words(ratios(({ processor }) => processor))}`);
  console.log(`slowdown by the clock: ${words(ratios(({ clock }) => clock))}`);
}

compare().finally(() => fs.rmSync(home, { recursive: true, force: true }));
