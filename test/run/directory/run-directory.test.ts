import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InputError } from '../../../src/core/errors';
import {
  createRunDirectory,
  lockRunDirectory,
  removeLeftovers,
} from '../../../src/run/directory/run-directory';
import { lockHolder } from '../../../src/run/directory/run-lock';

let runs: string;
const identity = (more: object = {}) => ({
  runs,
  scenario: 'boston',
  preset: 'smoke',
  seed: 1,
  date: new Date(2026, 0, 31, 23, 59),
  ...more,
});
beforeEach(() => {
  runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-runs-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(runs, { recursive: true, force: true });
});

describe('createRunDirectory', () => {
  test('names the directory after day, scenario, name and seed, with its three folders', () => {
    const directory = createRunDirectory(identity({ name: 'wide-net' }));
    expect(directory).toBe(path.join(runs, '2026-01-31-boston-wide-net-s1'));
    expect(fs.readdirSync(directory).sort()).toEqual(['checkpoints', 'plots', 'traces']);
  });

  test('makes the root folder where it is missing', () => {
    const root = path.join(runs, 'a', 'b');
    expect(fs.existsSync(createRunDirectory(identity({ runs: root })))).toBe(true);
  });

  test('takes the preset for a name, and numbers it until it is free', () => {
    const made = [1, 2, 3].map(() => path.basename(createRunDirectory(identity())));
    expect(made).toEqual([
      '2026-01-31-boston-smoke-s1',
      '2026-01-31-boston-smoke-2-s1',
      '2026-01-31-boston-smoke-3-s1',
    ]);
  });

  test('never reuses the directory of an explicit name, and says how to go on with it', () => {
    const directory = createRunDirectory(identity({ name: 'mine' }));
    fs.writeFileSync(path.join(directory, 'config.json'), '{}');
    expect(() => createRunDirectory(identity({ name: 'mine' }))).toThrow(InputError);
    expect(() => createRunDirectory(identity({ name: 'mine' }))).toThrow(/another --name.*metaplast resume/s);
  });

  test('says that a directory without a run may be removed', () => {
    createRunDirectory(identity({ name: 'mine' }));
    expect(() => createRunDirectory(identity({ name: 'mine' }))).toThrow(/holds no run.*remove it/);
  });

  test.each(['', 'a/b', '..\\x', 'a b', 'ä', 'x'.repeat(81)])('refuses the name "%s"', (name) => {
    expect(() => createRunDirectory(identity({ name }))).toThrow(InputError);
    expect(() => createRunDirectory(identity({ name }))).toThrow(/--name.*letters, digits, dots/);
    expect(fs.readdirSync(runs)).toEqual([]);
  });

  test('refuses a scenario that would lead elsewhere, and a seed that is no whole number', () => {
    expect(() => createRunDirectory(identity({ scenario: '../boston' }))).toThrow(InputError);
    expect(() => createRunDirectory(identity({ seed: -1 }))).toThrow(InputError);
  });

  test('refuses a root that is a file', () => {
    const file = path.join(runs, 'file');
    fs.writeFileSync(file, '');
    expect(() => createRunDirectory(identity({ runs: file }))).toThrow(InputError);
  });
});

/** A process that says a line when it has done what the code says, and then waits. */
async function started(code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe('lockRunDirectory', () => {
  const lock = () => path.join(runs, '.lock');
  const locking = () =>
    `require(${JSON.stringify(path.resolve('dist/src/run/directory/run-directory.js'))})` +
    `.lockRunDirectory(${JSON.stringify(runs)}); console.log('locked'); setInterval(() => {}, 1000)`;
  const own = () => JSON.parse(fs.readFileSync(lock(), 'utf8')) as Record<string, unknown>;

  test('writes the process number, and leaves nothing when given back', () => {
    const unlock = lockRunDirectory(runs);
    expect(own()).toMatchObject({ pid: process.pid });
    expect(fs.readdirSync(runs)).toEqual(['.lock']);
    unlock();
    unlock();
    expect(fs.readdirSync(runs)).toEqual([]);
  });

  test('refuses a second lock by the same process', () => {
    const unlock = lockRunDirectory(runs);
    expect(() => lockRunDirectory(runs)).toThrow(InputError);
    expect(() => lockRunDirectory(runs)).toThrow(new RegExp(`in use by process ${process.pid}\\..*delete`));
    expect(fs.readdirSync(runs)).toEqual(['.lock']);
    unlock();
  });

  test('refuses a directory in which another process works, and takes it over once that was killed', async () => {
    const child = await started(locking());
    try {
      expect(() => lockRunDirectory(runs)).toThrow(new RegExp(`in use by process ${child.pid}`));
    } finally {
      await killed(child);
    }
    const unlock = lockRunDirectory(runs);
    expect(own()).toMatchObject({ pid: process.pid });
    expect(fs.readdirSync(runs)).toEqual(['.lock']);
    unlock();
  });

  const onLinux = fs.existsSync('/proc/self/stat') ? test : test.skip;
  onLinux('takes over a lock whose process number another process has by now', () => {
    lockRunDirectory(runs);
    fs.writeFileSync(lock(), JSON.stringify({ ...own(), started: 'an-earlier-boot/1' }));
    lockRunDirectory(runs)();
    expect(fs.existsSync(lock())).toBe(false);
  });

  onLinux('leaves a lock of another container of this host alone, whose processes it cannot see', () => {
    lockRunDirectory(runs);
    const [boot] = String(own().machine).split('/');
    fs.writeFileSync(lock(), JSON.stringify({ ...own(), pid: 2 ** 22, machine: `${boot}/pid:[1]` }));
    const message =
      /in use by process 4194304 in another container of this host\..*if you are sure that it is gone/;
    expect(() => lockRunDirectory(runs)).toThrow(message);
    expect(lockHolder(runs)).toBe('elsewhere');
    fs.rmSync(lock());
  });

  onLinux('takes over a lock from before the machine was started', () => {
    lockRunDirectory(runs);
    const [, processNumbers] = String(own().machine).split('/');
    fs.writeFileSync(lock(), JSON.stringify({ ...own(), machine: `an-earlier-boot/${processNumbers}` }));
    lockRunDirectory(runs)();
    expect(fs.existsSync(lock())).toBe(false);
  });

  test('reads locks of the form that named no machine', async () => {
    const child = await started(locking());
    const { machine, ...old } = own();
    fs.writeFileSync(lock(), JSON.stringify(old));
    try {
      expect(() => lockRunDirectory(runs)).toThrow(new RegExp(`in use by process ${child.pid}\\.`));
      expect(lockHolder(runs)).toBe('here');
    } finally {
      await killed(child);
    }
    lockRunDirectory(runs)();
    expect(fs.existsSync(lock())).toBe(false);
  });

  test('takes over a lock that cannot be understood', () => {
    fs.writeFileSync(lock(), '');
    lockRunDirectory(runs)();
    expect(fs.readdirSync(runs)).toEqual([]);
  });

  test.each([
    ['to nothing', 'none'],
    ['to itself', '.lock'],
    ['to a file that is no lock', 'notes.txt'],
  ])('takes over a lock that is a link %s, and leaves what it leads to', (_, target) => {
    fs.writeFileSync(path.join(runs, 'notes.txt'), 'mine');
    fs.symlinkSync(target, lock());
    const unlock = lockRunDirectory(runs);
    expect(own()).toMatchObject({ pid: process.pid });
    unlock();
    expect(fs.readdirSync(runs)).toEqual(['notes.txt']);
    expect(fs.readFileSync(path.join(runs, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('refuses a folder in its place, and what cannot be read, and leaves both', () => {
    fs.mkdirSync(lock());
    expect(() => lockRunDirectory(runs)).toThrow(/Cannot tell who holds ".*\.lock": EISDIR.*remove it/);
    fs.rmdirSync(lock());
    fs.writeFileSync(lock(), '');
    jest.spyOn(fs, 'readFileSync').mockImplementation(() => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    });
    expect(() => lockRunDirectory(runs)).toThrow(/Cannot tell who holds .*EACCES/);
    expect(fs.readdirSync(runs)).toEqual(['.lock']);
  });

  test('does without hard links where the file system has none', () => {
    jest.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM: no links'), { code: 'EPERM' });
    });
    const unlock = lockRunDirectory(runs);
    expect(() => lockRunDirectory(runs)).toThrow(/in use by process/);
    unlock();
    expect(fs.readdirSync(runs)).toEqual([]);
  });

  test('refuses a directory that does not exist', () => {
    expect(() => lockRunDirectory(path.join(runs, 'none'))).toThrow(InputError);
  });

  test('leaves the lock of another host alone', () => {
    lockRunDirectory(runs);
    fs.writeFileSync(lock(), JSON.stringify({ ...own(), host: 'elsewhere' }));
    expect(() => lockRunDirectory(runs)).toThrow(/on host "elsewhere"/);
  });

  test('does not give back what is by now the lock of another', () => {
    const unlock = lockRunDirectory(runs);
    const other = JSON.stringify({ ...own(), token: '0123456789abcdef' });
    fs.writeFileSync(lock(), other);
    unlock();
    expect(fs.readFileSync(lock(), 'utf8')).toBe(other);
  });

  test('finishes a takeover in which a process was killed', async () => {
    const child = await started("console.log('here'); setInterval(() => {}, 1000)");
    await killed(child);
    const dead = { pid: child.pid, host: os.hostname(), started: null };
    const token = '00000000000000aa';
    fs.writeFileSync(lock(), JSON.stringify({ ...dead, token }));
    fs.writeFileSync(`${lock()}.${token}`, JSON.stringify({ ...dead, token: '00000000000000bb' }));
    const unlock = lockRunDirectory(runs);
    expect(fs.readdirSync(runs)).toEqual(['.lock']);
    unlock();
  });

  test('leaves a living process’s attempt at it alone when leftovers are removed', () => {
    const unlock = lockRunDirectory(runs);
    const attempt = path.join(runs, `.lock.${process.pid}-0123456789ab.tmp`);
    fs.copyFileSync(lock(), attempt);
    removeLeftovers(runs);
    expect(fs.existsSync(attempt)).toBe(true);
    unlock();
  });

  test('is won by one of several processes that find a dead one', async () => {
    fs.writeFileSync(
      lock(),
      JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), started: null, token: '00000000000000aa' }),
    );
    const racing = `const at = ${Date.now() + 1500}; const { lockRunDirectory } = require(${JSON.stringify(path.resolve('dist/src/run/directory/run-directory.js'))});
      while (Date.now() < at);
      try { lockRunDirectory(${JSON.stringify(runs)}); console.log('won'); } catch { console.log('lost'); }
      setInterval(() => {}, 1000)`;
    const outcomes: string[] = [];
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['-e', racing], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    await Promise.all(
      children.map(
        (child) =>
          new Promise<void>((resolve) => {
            child.stdout.once('data', (chunk) => {
              outcomes.push(String(chunk).trim());
              resolve();
            });
          }),
      ),
    );
    await Promise.all(children.map(killed));
    expect(outcomes.sort()).toEqual(['lost', 'lost', 'won']);
  });
});
