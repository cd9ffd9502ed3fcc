import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { onlyRun, repository, start } from '../cli/command';

const page = fs.readFileSync(join(repository, 'docs/howto/plots.md'), 'utf8');
const example = /```ts\n(.*?)```/s.exec(page)![1]!;

describe('how to draw a figure of your own', () => {
  test('runs as written, and leaves the figure that it speaks of', async () => {
    const runs = fs.mkdtempSync(join(os.tmpdir(), 'metaplast-dice-'));
    const file = join(repository, `.dice-${process.pid}.ts`);
    fs.writeFileSync(file, example);
    try {
      const argv = ['run', file, '--preset', 'smoke', '--quiet', '--json', '--runs', runs];
      expect(await start(argv, repository).ended).toMatchObject({ status: 0, err: '' });
      const plots = join(onlyRun(runs), 'plots');
      const rows = fs.readFileSync(join(plots, 'error-of-the-mean.csv'), 'utf8').trim().split('\n');
      expect(rows.filter((row) => row.startsWith('1,thrown,'))).toHaveLength(7); // after 1, 2, 4, ... 64 throws
      expect(fs.existsSync(join(plots, 'error-of-the-mean.png'))).toBe(true);
    } finally {
      fs.rmSync(file);
      fs.rmSync(runs, { recursive: true });
    }
  });
});
