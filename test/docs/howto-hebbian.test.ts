import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { command, repository } from '../cli/command';

describe('the page about learning from activity', () => {
  const page = fs.readFileSync(path.join(repository, 'docs/howto/hebbian.md'), 'utf8');
  const file = path.join(repository, `.centred-${process.pid}.ts`);
  const example = /```ts\n(.*?)```/s.exec(page)![1]!;
  beforeAll(() => fs.writeFileSync(file, example.replace("'./src'", "'./dist/src'")));
  afterAll(() => fs.rmSync(file));

  test('runs as written: the unit finds the first principal component of what varies, and its synapses are local', () => {
    const argv = [require.resolve('ts-node/dist/bin'), '--transpile-only', file];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: repository, encoding: 'utf8' });
    expect(stderr).toBe('');
    const [found, perturbed] = stdout.trim().split('\n');
    const [first, second] = found!.split(' ').map(Number);
    // Of 200 samples, the component is known to some hundredths; means that follow by 0.02 a sample add as much.
    expect(Math.abs(first! - 0.8)).toBeLessThan(0.1);
    expect(Math.abs(second! - 0.6)).toBeLessThan(0.1);
    expect(page).toContain(`// ${perturbed}`);
  });

  test('audits its rule by the command that it names', async () => {
    const { status, out } = await command('audit', file, '--credit', 'activity');
    expect(status).toBe(0);
    expect(out).toContain('its presynaptic neuron: pre\n    its postsynaptic neuron: post\n');
  });

  test('names files that there are', () => {
    for (const [, name] of page.matchAll(/`((?:models|test)\/[^`]+)`/g))
      expect(fs.existsSync(path.join(repository, name!))).toBe(true);
  });
});
