import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'npyjs';
import { command, onlyRun } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-trace-synapse-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const runs = newRuns();
beforeAll(async () => {
  const few = ['--set', 'metaSteps=2', '--set', 'exactChecks=0', '--set', 'hidden=2'];
  const { status } = await command('run', 'boston', '--preset', 'smoke', '--runs', runs, '--quiet', ...few);
  expect(status).toBe(0);
});

/** Opened by a reader that is not ours: [row][variable][synapse]. */
function opened(trace: string): { shape: number[]; data: number[] } {
  const bytes = fs.readFileSync(path.join(onlyRun(runs), 'traces', `${trace}.npy`));
  const { shape, data } = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { shape, data: [...(data as Float64Array)] };
}

describe('trace --synapse without a trace', () => {
  test('shows a synapse by its connection: each trace that holds it, with the phases below its sparklines', async () => {
    const { status, out } = await command('trace', onlyRun(runs), '--synapse', '0:12:1');
    expect(status).toBe(0);
    expect(out).toMatch(/^synapse 25 \(layer 0, from unit 12 to unit 1\)\n/);
    const part = out.split('\n\n').find((text) => text.startsWith('trace synapses: '))!;
    expect(part).toMatch(/\n {2}phi +[▁-█]{6} /);
    expect(part).toMatch(/\n {2}phase +\.\+\.\+\.\+$/m);
  });

  test('prints the numbers of the .npy', async () => {
    const { out } = await command('trace', onlyRun(runs), '--synapse', '25');
    const table = out
      .split('\n\n')
      .find((text) => /^ *task +phase +step +residual +phi +lambda/m.test(text))!;
    const printed = table
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/ {2,}/).slice(-2).map(Number));
    const { shape, data } = opened('synapses');
    const [rows, variables, synapses] = shape as [number, number, number];
    const held = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: variables }, (_, v) => data[(row * variables + v) * synapses + 25]!),
    );
    expect(printed).toEqual(held.map((row) => row.map((value) => Number(value.toPrecision(7)))));
  });

  test('ends with what the rule saw and did at the last meta-update', async () => {
    const { out } = await command('trace', onlyRun(runs), '--synapse', '25');
    expect(out).toMatch(
      /what the rule saw and did after task 1 \(R = lambda \* \(phi - omega\)\^2 \/ 2\):\n {2}lambda: /,
    );
    expect(out).toMatch(/gradient = coefficient \* \(phi\[0\.1\] - phi\[0\]\) \* /);
  });

  test('prints all of it as one JSON document with --json', async () => {
    const { out } = await command('trace', onlyRun(runs), '--synapse', '25', '--json');
    const [{ synapse, traces }] = JSON.parse(out);
    expect(synapse).toMatchObject({ index: 25, layer: 0, from: 12, to: 1 });
    expect(Object.keys(traces)).toEqual(['meta-updates', 'synapses']);
    expect(traces.synapses.values.phi).toHaveLength(6);
  });

  test.each<[string, RegExp]>([
    ['999', /No trace of the run holds such a synapse\. Got "999"\. Legal: meta-updates holds /],
    [
      '0:*:*',
      /So many synapses are not printed at once\. Got 28\. Legal: up to 20\. .*TRACE --synapse 0:\*:\*/,
    ],
  ])('refuses %s, and says what to do', async (words, message) => {
    const { status, err } = await command('trace', onlyRun(runs), '--synapse', words);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});
