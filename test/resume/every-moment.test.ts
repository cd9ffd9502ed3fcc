import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, onlyRun, repository, snapshot } from '../cli/command';
import { writeTinyScenario } from '../run/tiny-scenario';

// Pictures take long to draw, and are the same each time.
jest.mock('../../src/plot/svg-png', () => ({ svgPng: (svg: string) => Buffer.from(`PNG of ${svg.length}`) }));

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-moments-'));
fs.symlinkSync(path.join(repository, 'node_modules'), path.join(home, 'node_modules'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const scenario = writeTinyScenario(home);
const runs = path.join(home, 'runs');
const run = [
  'run',
  scenario,
  '--runs',
  runs,
  '--rules',
  'plain',
  '--engine',
  'reference',
  '--checkpoint-every',
  '1',
  '--name',
  'same',
  '--quiet',
];

const { cpSync, existsSync } = fs;
/** What changes a file or a folder. */
const changing = [
  'openSync',
  'writeSync',
  'renameSync',
  'rmSync',
  'ftruncateSync',
  'mkdirSync',
  'linkSync',
] as const;

/**
 * What a kill would leave at each moment of some work: a copy of the folder after every call by which the work changes something.
 * @param every Take one moment in so many.
 */
async function moments(folder: string, every: number, work: () => Promise<unknown>): Promise<string[]> {
  const taken = fs.mkdtempSync(path.join(home, 'moments-'));
  const copies: string[] = [];
  let [calls, busy] = [0, false];
  const look = () => {
    if (busy || calls++ % every !== 0 || !existsSync(folder)) return;
    busy = true;
    const copy = path.join(taken, String(copies.length));
    cpSync(folder, copy, { recursive: true });
    copies.push(copy);
    busy = false;
  };
  for (const name of changing) {
    const real = fs[name] as (...given: unknown[]) => unknown;
    jest.spyOn(fs, name as 'rmSync').mockImplementation(((...given: unknown[]) => {
      const result = real(...given);
      const elsewhere = typeof given[0] === 'string' && !given[0].startsWith(folder);
      const reads = name === 'openSync' && (given[1] === 'r' || typeof given[1] === 'number');
      if (!elsewhere && !reads) look();
      return result;
    }) as never);
  }
  jest.spyOn(fs, 'fsyncSync').mockImplementation(() => {}); // No power is cut.
  try {
    await work();
  } finally {
    jest.restoreAllMocks();
  }
  return copies;
}

/** The run of a copy, as if its process were gone. */
function left(copy: string): string | null {
  const [name] = fs.readdirSync(copy);
  if (name === undefined) return null;
  const directory = path.join(copy, name);
  for (const lock of fs.readdirSync(directory).filter((file) => file.startsWith('.lock')))
    fs.rmSync(path.join(directory, lock));
  return directory;
}

describe('whenever a process is killed', () => {
  let whole: Record<string, string>;
  let rows: string[];

  /** Resumes what a kill left, which must come to the same bytes, after reading it. */
  async function goOn(directory: string): Promise<void> {
    const { status, out, err } = await command('trace', directory, 'chunks');
    // Before the first checkpoint no row is safe.
    if (status !== 0) expect(err).toMatch(/no such trace|is missing in it/);
    else expect(rows.slice(0, out.split('\n').length - 1)).toEqual(out.split('\n').slice(0, -1));
    const resumed = await command('resume', directory, '--quiet');
    expect(resumed).toEqual({ status: 0, out: '', err: '' });
    expect(snapshot(directory)).toEqual(whole);
  }

  test('the run is whole, and is resumed to the same bytes; and so where it is killed again while it is resumed', async () => {
    const copies = await moments(runs, 4, () => command(...run));
    whole = snapshot(onlyRun(runs));
    rows = (await command('trace', onlyRun(runs), 'chunks')).out.split('\n');
    const begun = copies.flatMap((copy) => left(copy) ?? []);
    const killed = begun.filter((directory) => fs.existsSync(path.join(directory, 'config.json')));
    for (const directory of begun)
      if (!killed.includes(directory)) expect(fs.readdirSync(directory)).not.toContain('metrics.ndjson');
    const middle = path.join(home, 'middle');
    fs.cpSync(path.dirname(killed[Math.floor(killed.length / 2)]!), middle, { recursive: true });
    for (const directory of killed) await goOn(directory);

    const again = await moments(middle, 13, () => command('resume', left(middle)!, '--quiet'));
    for (const copy of again) await goOn(left(copy)!);
  }, 180_000);
});
