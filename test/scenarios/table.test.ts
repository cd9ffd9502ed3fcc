import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RandomStream } from '../../src/core/random';
import { command, kill, onlyRun, startedUntil } from '../cli/command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-own-table-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Three clouds of points, as a spreadsheet exports them: semicolons, quotes, a byte-order mark, CRLF. */
function writeClouds(): string {
  const random = new RandomStream('clouds', 'seed');
  const lines = Array.from({ length: 90 }, (_, i) => {
    const at = () => (2 * (i % 3) + random.normal()).toFixed(3);
    return [`"${['north', 'east', 'south'][i % 3]}"`, at(), at(), i].join(';');
  });
  const file = path.join(home, 'clouds.csv');
  fs.writeFileSync(file, `\uFEFF${['side;"width, m";height;id', ...lines].join('\r\n')}\r\n`);
  return file;
}

const settings = (...given: string[]) => given.flatMap((one) => ['--set', one]);
const table = (runs: string, ...given: string[]) =>
  command(
    'run',
    'table',
    '--preset',
    'smoke',
    '--runs',
    runs,
    '--name',
    'same',
    '--checkpoint-every',
    '1',
    ...settings('layers=[6]', ...given),
  );

describe('a table of one’s own', () => {
  const file = writeClouds();
  const clouds = [`file=${file}`, 'target=side', 'ignore=id'];

  test('of classes is learned, and most of what nothing has seen is right', async () => {
    const { status, out, err } = await table(newRuns(), ...clouds);
    expect({ status }).toEqual({ status: 0 });
    expect(err).toContain('"side" has 3 classes: east, north, south');
    expect(out).toMatch(/learned clouds\.csv 5 times/);
    const [, after] = /of the test data, [\d.]+ % were right before and ([\d.]+) % after/.exec(out)!;
    // Clouds whose means are two standard deviations apart in each of two directions: by chance 33 %.
    expect(Number(after)).toBeGreaterThan(75);
  });

  test('of values is learned', async () => {
    const runs = newRuns();
    expect(await table(runs, `file=${file}`, 'target=height', 'ignore=id,side')).toMatchObject({
      status: 0,
    });
    const { train, test } = JSON.parse(fs.readFileSync(path.join(onlyRun(runs), 'summary.json'), 'utf8'));
    // Width tells of height: standardised, a mean would have an error of 1.
    expect(train.after).toBeLessThan(0.6);
    expect(test.after).toBeLessThan(0.8);
  });

  test.each([
    ['no such column', ['target=sides'], /no target of that name.*Did you mean "side"/],
    ['a word among the inputs', ['target=height'], /no finite number: row 1, column "side"/],
    ['a target without a file', ['file=', 'target=side'], /A target is named, but no file/],
  ])('is refused before a directory is made: %s', async (_, wrong, message) => {
    const runs = newRuns();
    const { status, err } = await table(runs, `file=${file}`, ...wrong);
    expect({ status, made: fs.existsSync(runs) }).toEqual({ status: 2, made: false });
    expect(err).toMatch(message);
  });

  test('is refused by a resume where it was changed since the run began', async () => {
    const slow = settings('layers=[6]', ...clouds, 'metaSteps=20', 'exactChecks=0', 'oneLambda=[]');
    const argv = [
      'run',
      'table',
      '--engine',
      'reference',
      '--rules',
      'plain',
      '--checkpoint-every',
      '1',
      ...slow,
    ];
    const { running, directory } = await startedUntil(newRuns(), argv, 'checkpoints/000002.ckpt');
    await kill(running);
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace(/;0\r\n/, ';1000\r\n'));
    const { status, err } = await command('resume', directory);
    const diagnosed = await command('diagnose', directory);
    fs.writeFileSync(file, text);
    expect(diagnosed).toMatchObject({ status: 2, err: expect.stringContaining('The data are not those') });
    expect({ status, err }).toEqual({
      status: 2,
      err: expect.stringContaining('The data are not those that the run began with: clouds.csv'),
    });
    expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0 });
  });

  test('need not be there: an example shows what becomes of one', async () => {
    const { status, err, out } = await table(newRuns());
    expect(status).toBe(0);
    expect(err).toContain('no file was named: the data are an example, made by a formula');
    expect(out).toMatch(/learned rents of made-up flats/);
  });
});
