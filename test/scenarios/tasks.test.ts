import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RandomStream } from '../../src/core/random';
import { command, kill, onlyRun, startedUntil } from '../cli/command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-own-tasks-'));
let count = 0;
const newFolder = () => {
  const folder = path.join(home, String(count++));
  fs.mkdirSync(folder);
  return folder;
};
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Straight lines through one point, each with a slope of its own, of which three are enough to tell. */
function writeLines(tasks: number): string {
  const [folder, random] = [newFolder(), new RandomStream('lines', 'seed')];
  for (let task = 0; task < tasks; task++) {
    const slope = random.uniformBetween(1, 3);
    const rows = Array.from({ length: 8 }, () => random.uniformBetween(-1, 1)).map(
      (x) => `${x},${1 + slope * x}`,
    );
    fs.writeFileSync(
      path.join(folder, `task-${String(task).padStart(2, '0')}.csv`),
      ['x,y', ...rows].join('\n'),
    );
  }
  return folder;
}

const settings = (...given: string[]) => given.flatMap((one) => ['--set', one]);
const small = [
  'batch=4',
  'layers=[8]',
  'unseen.tasks=8',
  'unseen.steps=[0,5]',
  'unseen.every=50',
  'synapse.lambda=1',
];
const tasks = (folder: string, ...given: string[]) =>
  command(
    'run',
    'tasks',
    '--quiet',
    '--rules',
    'plain',
    '--runs',
    path.join(home, `runs-${count++}`),
    '--json',
    ...settings(...small, `folder=${folder}`, 'target=y', ...given),
  );

describe('a folder of tables, a task each,', () => {
  test('is lived through, and unseen ones are learned faster than before', async () => {
    const { status, out } = await tasks(
      writeLines(16),
      'metaSteps=150',
      'meta.rate=0.01',
      'method=maml,contrastive',
    );
    expect(status).toBe(0);
    for (const { curve } of Object.values(JSON.parse(out).methods) as {
      curve: { heldOutLoss: { mean: number }[] }[];
    }[])
      expect(curve.at(-1)!.heldOutLoss[1]!.mean).toBeLessThan(curve[0]!.heldOutLoss[1]!.mean / 2);
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    [
      'one has other columns',
      (folder) => fs.writeFileSync(path.join(folder, 'task-01.csv'), 'z,y\n1,2\n2,3\n'),
      /task-01\.csv" has other columns/,
    ],
    [
      'a cell is missing',
      (folder) => fs.writeFileSync(path.join(folder, 'task-01.csv'), 'x,y\n1,2\n,3\n'),
      /"task-01\.csv": A cell .* row 2, column "x"/,
    ],
    [
      'there are too few',
      (folder) => {
        for (const i of [1, 2, 3]) fs.rmSync(path.join(folder, `task-0${i}.csv`));
      },
      /too few tasks.*1 tables/,
    ],
  ])('is refused where %s', async (_, spoil, message) => {
    const folder = writeLines(4);
    spoil(folder);
    const { status, err } = await tasks(folder, 'metaSteps=2');
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });

  test('is refused by a resume where one was changed since the run began', async () => {
    const [folder, runs] = [writeLines(4), newFolder()];
    const argv = [
      'run',
      'tasks',
      '--rules',
      'plain',
      '--checkpoint-every',
      '1',
      ...settings(...small, `folder=${folder}`, 'target=y', 'metaSteps=400'),
    ];
    const { running, directory } = await startedUntil(runs, argv, 'checkpoints/000003.ckpt');
    await kill(running);
    const file = path.join(folder, 'task-00.csv');
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('x,y\n', 'x,y\n0.5,9\n'));
    const { status, err } = await command('resume', directory, '--quiet');
    expect({ status, err }).toEqual({
      status: 2,
      err: expect.stringContaining('are not those that the stream began with'),
    });
    fs.writeFileSync(file, text);
    expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0 });
    expect(onlyRun(runs)).toBe(directory);
  });
});
