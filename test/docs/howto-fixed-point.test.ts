import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../cli/command';

test('the page about a synapse of eight bits runs as written, and its weights are on their levels', () => {
  const page = fs.readFileSync(path.join(repository, 'docs/howto/fixed-point.md'), 'utf8');
  const file = path.join(repository, `.fixed-point-${process.pid}.ts`);
  const example = /```ts\n(.*?)```/s.exec(page)![1]!;
  fs.writeFileSync(file, example.replace("'./src'", "'./dist/src'").replace("'./models/", "'./dist/models/"));
  try {
    const argv = [require.resolve('ts-node/dist/bin'), '--transpile-only', file];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: repository, encoding: 'utf8' });
    expect(stderr).toBe('');
    const [loss, onLevels] = stdout.trim().split(' ');
    expect(Number(loss)).toBeLessThan(0.6);
    expect(onLevels).toBe('true');
  } finally {
    fs.rmSync(file);
  }
});
