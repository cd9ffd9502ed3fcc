import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type SmallRuns, smallRuns } from '../run/small-runs';
import { command } from './command';

// Pictures take long to draw.
jest.mock('../../src/plot/svg-png', () => ({ svgPng: (svg: string) => Buffer.from(`PNG of ${svg.length}`) }));

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-paths-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
let runs: SmallRuns;
beforeAll(async () => {
  jest.spyOn(fs, 'fsyncSync').mockImplementation(() => {}); // No power is cut here.
  runs = await smallRuns(home);
});

let copies = 0;
function copyOf(run: string): string {
  const copy = path.join(home, `copy-${copies++}`);
  fs.cpSync(run, copy, { recursive: true });
  return copy;
}

/** What a command says that it refuses, in a sentence. */
async function refusal(...argv: string[]): Promise<string> {
  const { status, out, err } = await command(...argv);
  expect({ argv, status, out }).toEqual({ argv, status: 2, out: '' });
  expect(err).toMatch(/^(metaplast|error): /);
  expect(err).not.toMatch(/\n +at |unexpected error/);
  return err;
}

const readers = [['trace'], ['plot'], ['diagnose'], ['resume', '--quiet']] as const;
const onEach = async (directory: string, message: RegExp) => {
  for (const [name, ...flags] of readers) expect(await refusal(name, directory, ...flags)).toMatch(message);
};

describe('a path that leads nowhere is refused by every command that reads a run:', () => {
  test('a link that leads back to itself', async () => {
    const loop = path.join(home, 'loop');
    fs.symlinkSync('loop', loop);
    await onEach(loop, /cannot be read: ELOOP/);
  });
  test('a name that is too long', async () => {
    await onEach(path.join(home, 'x'.repeat(5000)), /cannot be read: ENAMETOOLONG/);
  });
  test('a file', async () => {
    await onEach(path.join(home, 'tiny.js'), /is a file, not a run directory/);
  });
});

describe('run writes nothing, and says so, where --runs is', () => {
  const onto = (root: string) => refusal('run', path.join(home, 'tiny.js'), '--runs', root, '--quiet');

  test('a folder that takes no new ones', async () => {
    expect(await onto('/proc/metaplast')).toMatch(/Cannot write "\/proc\/metaplast/);
  });
  test('a link that leads back to itself', async () => {
    const loop = path.join(home, 'runs-loop');
    fs.symlinkSync('runs-loop', loop);
    expect(await onto(loop)).toMatch(/Cannot write ".*runs-loop"/);
  });
  test('a name that is too long', async () => {
    expect(await onto(path.join(home, 'x'.repeat(5000)))).toMatch(/The name is too long/);
  });
  test('a file', async () => {
    expect(await onto(path.join(home, 'tiny.js'))).toMatch(/it is no folder|file/);
  });
});

describe('a file that may not be read is refused by name', () => {
  // Whoever runs these tests may be root, who may read everything.
  const forbid = (name: string) => {
    const { openSync } = fs;
    const spy = jest.spyOn(fs, 'openSync').mockImplementation((file, ...more) => {
      if (path.basename(String(file)) !== name) return openSync(file, ...more);
      throw Object.assign(new Error(`EACCES: permission denied, open '${file}'`), { code: 'EACCES' });
    });
    return () => spy.mockRestore();
  };

  test.each([
    ['traces/index.json', 'trace'],
    ['plots', 'plot'],
  ])('%s, by %s', async (file, name) => {
    const directory = copyOf(runs.finished);
    const json = file.endsWith('.json')
      ? file
      : `plots/${fs.readdirSync(path.join(directory, 'plots')).find((each) => each.endsWith('.json'))}`;
    const allow = forbid(path.basename(json));
    try {
      expect(await refusal(name, directory)).toMatch(
        new RegExp(`${json}" cannot be read: EACCES: permission denied`),
      );
    } finally {
      allow();
    }
  });
});

test.each(['0', '-1', '1.5', '16385', '1000000000', 'wide'])('plot takes no --width %s', async (width) => {
  expect(await refusal('plot', runs.finished, '--width', width)).toMatch(
    /argument '.*' is invalid\. Legal: /,
  );
});

test.each(['__proto__', 'constructor', 'toString', '../metrics'])(
  'trace knows no trace named %s',
  async (name) => {
    expect(await refusal('trace', runs.finished, name)).toMatch(/no such trace/);
    expect(await refusal('plot', runs.finished, '--synapse', '0', '--trace', name)).toMatch(/no such trace/);
  },
);

test.each(['', 'not there', '.lock'])('a lock that is a link to "%s" is taken over', async (target) => {
  const directory = copyOf(runs.stopped);
  fs.symlinkSync(target || path.join(home, 'nothing'), path.join(directory, '.lock'));
  expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0 });
});

test('plot --synapse draws nothing from a trace that is not as the run wrote it', async () => {
  const directory = copyOf(runs.finished);
  const file = path.join(directory, 'traces/ends.npy');
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 3]! ^= 1;
  fs.writeFileSync(file, bytes);
  const drawn = ['plot', directory, '--synapse', '1'];
  expect(await refusal(...drawn, '--trace', 'ends')).toMatch(/ends\.npy" has other bytes than were written/);
  expect(await command(...drawn, '--trace', 'chunks')).toMatchObject({ status: 0, err: '' });
});
