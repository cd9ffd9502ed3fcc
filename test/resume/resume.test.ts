import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatJson } from '../../src/run/directory/format-json';
import {
  appears,
  command,
  type Finished,
  kill,
  onlyRun,
  rewriteManifest,
  snapshot,
  start,
  startedUntil,
} from '../cli/command';

/** By the clock, checkpoints would come when they like. */
const everyStep = ['--checkpoint-every', '1'];
/** Boston in four steps of about 0.1 s, so that a signal finds one on its way. */
const boston = [
  ...['run', 'boston', '--preset', 'smoke', '--name', 'same', '--set', 'hidden=3', '--set', 'metaSteps=3'],
  ...['--engine', 'reference'], // the slow one, see above
  ...['--set', 'free.steps=700', '--set', 'free.tolerance=0', '--set', 'nudged.steps=150'],
  ...['--set', 'nudged.tolerance=0', '--set', 'exactChecks=2', '--set', 'watch=5'],
  ...everyStep,
];
const oneSynapse = [
  'run',
  'one-synapse',
  '--preset',
  'smoke',
  '--name',
  'same',
  '--set',
  'metaSteps=40',
  ...everyStep,
];

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-resume-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const bostonRuns = newRuns();
const oneSynapseRuns = newRuns();
let uninterrupted: Record<string, string>;
let uninterruptedOne: Record<string, string>;
/** A run that was interrupted after its second step, with the checkpoints of steps 1 and 2. */
const interruptedRuns = newRuns();

beforeAll(async () => {
  const whole = [start([...boston, '--runs', bostonRuns]), start([...oneSynapse, '--runs', oneSynapseRuns])];
  for (const { ended } of whole) expect(await ended).toMatchObject({ status: 0 });
  uninterrupted = snapshot(onlyRun(bostonRuns));
  uninterruptedOne = snapshot(onlyRun(oneSynapseRuns));
  const { running } = await startedUntil(interruptedRuns, boston, 'checkpoints/000002.ckpt');
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({ status: 130 });
});

/** Resumed in a process of its own. */
const resumed = (directory: string, ...flags: string[]): Promise<Finished> =>
  start(['resume', directory, ...flags]).ended;

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A copy of the interrupted run, to be spoiled. */
function interrupted(): string {
  const runs = newRuns();
  fs.cpSync(interruptedRuns, runs, { recursive: true });
  return onlyRun(runs);
}

const checkpoint = (directory: string, position: number) =>
  path.join(directory, 'checkpoints', `00000${position}.ckpt`);

describe('a run that was killed without warning ends, once resumed, with the bytes of one that never stopped', () => {
  test.each([
    ['before any checkpoint', 'config.json', 0],
    ['right after the first checkpoint', 'checkpoints/000000.ckpt', 0],
    ['in the middle of a step', 'checkpoints/000001.ckpt', 20],
    ['right after the last checkpoint', 'checkpoints/000004.ckpt', 0],
  ])('%s', async (_, file, delay) => {
    const { running, directory } = await startedUntil(newRuns(), boston, file);
    await sleep(delay);
    await kill(running);
    expect(await command('resume', directory)).toMatchObject({ status: 0 });
    expect(snapshot(directory)).toEqual(uninterrupted);
  });

  test('twice, the second time while it was resumed', async () => {
    const { running, directory } = await startedUntil(newRuns(), boston, 'checkpoints/000001.ckpt');
    await sleep(20);
    await kill(running);
    const again = start(['resume', directory]);
    await appears(checkpoint(directory, 3), again);
    await kill(again);
    expect(await resumed(directory)).toMatchObject({ status: 0 });
    expect(snapshot(directory)).toEqual(uninterrupted);
  });

  test('with one synapse that is recorded step by step', async () => {
    const { running, directory } = await startedUntil(newRuns(), oneSynapse, 'checkpoints/000007.ckpt');
    await kill(running);
    expect(await resumed(directory)).toMatchObject({ status: 0 });
    expect(snapshot(directory)).toEqual(uninterruptedOne);
  });
});

describe('a run that is asked to stop', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s exits 130, says how to go on, and is resumed to the same bytes',
    async (signal) => {
      const { running, directory } = await startedUntil(newRuns(), boston, 'checkpoints/000001.ckpt');
      await sleep(20);
      running.child.kill(signal);
      const { status, out, err } = await running.ended;
      expect(status).toBe(130);
      expect(out).toBe('');
      expect(err).toContain(`its checkpoint is written. Go on with it:\n  metaplast resume ${directory}\n`);
      expect(err).not.toMatch(/\n +at /);
      expect(fs.existsSync(path.join(directory, '.lock'))).toBe(false);
      const after = await resumed(directory, '--json');
      expect(after.err).toMatch(/going on after step [12]\n/);
      const summary = JSON.parse(uninterrupted['summary.json']!);
      expect(JSON.parse(after.out)).toEqual({ ...summary, runDirectory: directory });
      expect(snapshot(directory)).toEqual(uninterrupted);
    },
  );

  test('out of turn leaves, in the end, the checkpoints that were due', async () => {
    const seldom = [...boston, '--checkpoint-every', '3'];
    const whole = await start([...seldom, '--runs', newRuns(), '--json']).ended;
    expect(whole.status).toBe(0);
    const { running, directory: stopped } = await startedUntil(newRuns(), seldom, 'checkpoints/000000.ckpt');
    while (fs.readFileSync(path.join(stopped, 'metrics.ndjson')).length === 0) await sleep(2);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
    expect(fs.readdirSync(path.join(stopped, 'checkpoints'))[1]).toMatch(/00000[12]\.ckpt/);
    expect(await resumed(stopped)).toMatchObject({ status: 0 });
    expect(snapshot(stopped)).toEqual(snapshot(JSON.parse(whole.out).runDirectory));
  });

  test('of which checkpoints go by the clock leaves, in the end, the same ones whenever it was stopped', async () => {
    const byClock = oneSynapse.slice(0, -everyStep.length);
    const whole = newRuns();
    expect(await command(...byClock, '--runs', whole, '--quiet')).toMatchObject({ status: 0 });
    const { running, directory: stopped } = await startedUntil(newRuns(), byClock, 'checkpoints/000000.ckpt');
    while (fs.readFileSync(path.join(stopped, 'metrics.ndjson')).length === 0) await sleep(2);
    running.child.kill('SIGINT');
    expect([0, 130]).toContain((await running.ended).status);
    expect(await command('resume', stopped, '--quiet')).toMatchObject({ status: 0 });
    expect(snapshot(stopped)).toEqual(snapshot(onlyRun(whole)));
    expect(fs.readdirSync(path.join(stopped, 'checkpoints'))).toEqual(['000039.ckpt', '000040.ckpt']);
  });

  test('has a checkpoint even before its first step is done', async () => {
    const { running, directory } = await startedUntil(newRuns(), boston, 'checkpoints/000000.ckpt');
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
    expect(fs.readdirSync(path.join(directory, 'checkpoints'))).toEqual(['000000.ckpt']);
  });
});

describe('a broken newest checkpoint is refused with a warning, and the one before it is used', () => {
  test.each<[string, RegExp, (file: string) => void]>([
    ['truncated', /truncated/, (file) => fs.truncateSync(file, fs.statSync(file).size / 2)],
    ['altered by one bit', /checksum/, flipOneBit],
  ])('%s', async (_, reason, spoil) => {
    const directory = interrupted();
    spoil(checkpoint(directory, 2));
    const { status, err } = await command('resume', directory);
    expect(err).toMatch(/warning: checkpoint 000002\.ckpt was refused, and the one before it is used/);
    expect(err).toMatch(reason);
    expect(status).toBe(0);
    expect(snapshot(directory)).toEqual(uninterrupted);
  });
});

function flipOneBit(file: string): void {
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 100]! ^= 1;
  fs.writeFileSync(file, bytes);
}

describe('resume refuses, with status 2 and nothing changed,', () => {
  async function refusal(directory: string): Promise<string> {
    const before = snapshot(directory);
    const { status, out, err } = await command('resume', directory);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).not.toMatch(/\n +at /);
    expect(snapshot(directory)).toEqual(before);
    return err;
  }

  test('a run of which every checkpoint is broken', async () => {
    const directory = interrupted();
    for (const position of [1, 2]) flipOneBit(checkpoint(directory, position));
    expect(await refusal(directory)).toMatch(
      /No checkpoint .* can be used: 000002\.ckpt: .*; 000001\.ckpt: .*Start the run anew/,
    );
  });

  test('a run whose metrics are shorter than its checkpoint says', async () => {
    const directory = interrupted();
    fs.truncateSync(path.join(directory, 'metrics.ndjson'), 10);
    expect(await refusal(directory)).toMatch(
      /000002\.ckpt: What it goes on from has changed: ".*metrics\.ndjson" has 10 bytes instead of at least \d+; 000001\.ckpt: /,
    );
  });

  test('a run whose trace is shorter than its checkpoint says', async () => {
    const directory = interrupted();
    fs.truncateSync(path.join(directory, 'traces/synapses.npy'), 1000);
    expect(await refusal(directory)).toMatch(/synapses\.npy" has 1000 bytes instead of at least \d+/);
  });

  test('a run of another version of metaplast', async () => {
    const directory = interrupted();
    const file = path.join(directory, 'config.json');
    rewriteManifest(directory, (made) => {
      const settings = { ...made.settings, version: '99.1.0' };
      fs.writeFileSync(file, formatJson(file, settings));
      return { settings };
    });
    expect(await refusal(directory)).toMatch(/made by another version of metaplast.*Got "99\./);
  });

  test('a run that a living process works on, which goes on undisturbed', async () => {
    const { running, directory } = await startedUntil(newRuns(), boston, 'checkpoints/000001.ckpt');
    const { status, err } = await command('resume', directory);
    expect(status).toBe(2);
    expect(err).toMatch(new RegExp(`in use by process ${running.child.pid}\\. Wait until it ends`));
    expect(await running.ended).toMatchObject({ status: 0 });
    expect(snapshot(directory)).toEqual(uninterrupted);
  });

  test('a folder that is no run directory, and a path that does not exist', async () => {
    expect(await refusal(home)).toMatch(/is no run directory: config\.json is missing/);
    const { status, err } = await command('resume', path.join(home, 'none'));
    expect(status).toBe(2);
    expect(err).toMatch(/none" does not exist/);
  });
});

test('resuming a finished run says so and changes nothing', async () => {
  const directory = onlyRun(bostonRuns);
  const { status, out, err } = await command('resume', directory);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('The run was finished already; nothing was changed.');
  expect(snapshot(directory)).toEqual(uninterrupted);
});

test('what a killed process left half written is gone after a resume', async () => {
  const directory = interrupted();
  fs.writeFileSync(path.join(directory, 'traces/.index.json.4242-0123456789ab.tmp'), 'half');
  fs.writeFileSync(path.join(directory, '.summary.json.4242-0123456789ab.tmp'), 'half');
  const dead = { pid: 2 ** 22 + 1, host: os.hostname(), started: null, token: '00000000000000aa' };
  fs.writeFileSync(path.join(directory, '.lock.4194305-0123456789ab.tmp'), JSON.stringify(dead));
  expect(await command('resume', directory)).toMatchObject({ status: 0 });
  expect(snapshot(directory)).toEqual(uninterrupted);
});
