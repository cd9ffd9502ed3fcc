import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onlyRun, snapshot, start, startedUntil } from '../cli/command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-theory-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

describe.each([
  ['quadratic', '000020'],
  ['bound', '000002'],
])('the scenario %s', (scenario, checkpoint) => {
  test('interrupted and resumed leaves the same figures and numbers as in one go', async () => {
    const argv = ['run', scenario, '--preset', 'smoke', '--name', 'same', '--checkpoint-every', '1'];
    const whole = path.join(home, scenario, 'whole');
    expect(await start([...argv, '--runs', whole]).ended).toMatchObject({ status: 0 });

    const parts = path.join(home, scenario, 'parts');
    const { running } = await startedUntil(parts, argv, `checkpoints/${checkpoint}.ckpt`);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ status: 130 });
    const directory = onlyRun(parts);
    expect(fs.readdirSync(path.join(directory, 'plots'))).toEqual([]);
    expect(await start(['resume', directory]).ended).toMatchObject({ status: 0 });

    const plots = Object.keys(snapshot(directory)).filter((file) => file.startsWith('plots'));
    expect(plots.length).toBeGreaterThan(3);
    expect(snapshot(directory)).toEqual(snapshot(onlyRun(whole)));
  }, 120_000);
});
