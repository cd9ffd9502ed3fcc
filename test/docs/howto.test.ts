import { spawnSync } from 'node:child_process';
import fs, { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { onlyRun, repository, start } from '../cli/command';

const page = readFileSync(join(repository, 'docs/howto/new-task.md'), 'utf8');
const [example, script] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text!) as [
  string,
  string,
];

describe('how to add a task stream', () => {
  test('takes 30 lines at the most', () => {
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  });

  test('runs as written, by every method that is named there, and learning lowers the loss of unseen tasks', async () => {
    const runs = fs.mkdtempSync(join(os.tmpdir(), 'metaplast-howto-'));
    const file = join(repository, `.decays-${process.pid}.ts`);
    writeFileSync(file, example);
    try {
      const command = /npx metaplast (run .*)/.exec(page)![1]!.replace('./decays.ts', file).split(' ');
      const smaller = ['--set', 'metaSteps=30', '--set', 'unseen.tasks=20', '--rules', 'plain'];
      const done = await start([...command, ...smaller, '--json', '--quiet', '--runs', runs], repository)
        .ended;
      expect(done).toMatchObject({ status: 0, err: '' });
      const { methods } = JSON.parse(done.out);
      expect(Object.keys(methods)).toEqual(['contrastive', 'maml', 'scratch']);
      const { curve } = methods.contrastive;
      expect(curve.at(-1).heldOutLoss[2].mean).toBeLessThan(curve[0].heldOutLoss[2].mean);
      const traced = ['trace', onlyRun(runs), 'contrastive-between-tasks', '--synapse', '0'];
      expect((await start(traced, repository).ended).out.trim().split('\n')).toHaveLength(1 + 30);
    } finally {
      rmSync(file);
      rmSync(runs, { recursive: true });
    }
  });

  test('can be done in a script as written, too, whose loss of unseen tasks falls', () => {
    const file = join(repository, `.stream-${process.pid}.ts`);
    writeFileSync(file, script);
    try {
      const done = spawnSync(process.execPath, [require.resolve('ts-node/dist/bin'), file], {
        cwd: repository,
        encoding: 'utf8',
      });
      expect(done.stderr).toBe('');
      const means = [...done.stdout.matchAll(/^\d+ \{ mean: ([\d.]+),/gm)].map(([, mean]) => Number(mean));
      expect(means).toHaveLength(4);
      expect(means[3]).toBeLessThan(means[0]! / 1.5);
      expect(done.stdout).toMatch(/^Synapse \{ layer: 0, .*omega: .*lambda: 0\.5 \}$/m);
    } finally {
      rmSync(file);
    }
  });
});
