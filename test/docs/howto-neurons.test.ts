import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'npyjs';
import { command, repository } from '../cli/command';

const page = fs.readFileSync(path.join(repository, 'docs/howto/neurons.md'), 'utf8');

test('the script of the page about neurons runs as written, and its neurons come to rest', () => {
  // In the repository, from whose sources it takes metaplast; its files go there too.
  const file = path.join(repository, `.settle-${process.pid}.ts`);
  const name = `settling-${process.pid}`;
  const made = [`${name}.npy`, `${name}.when.npy`, 'index.json'].map((one) => path.join(repository, one));
  const text = /```ts\n(.*?)```/s.exec(page)![1]!.replace("name: 'settling'", `name: '${name}'`);
  fs.writeFileSync(file, text);
  try {
    const bin = require.resolve('ts-node/dist/bin');
    const done = spawnSync(process.execPath, [bin, file], { cwd: repository, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    const states = [...done.stdout.matchAll(/^sweep (\d+): s of the output is (\S+)$/gm)].map(([, , s]) =>
      Number(s),
    );
    expect(states).toHaveLength(7);
    const moves = states.slice(1).map((state, i) => Math.abs(state - states[i]!));
    expect(moves.at(-1)!).toBeLessThan(moves[0]! / 10);
    const residuals = [...done.stdout.matchAll(/^phase \d leaves neurons at (\S+) of/gm)].map(([, r]) =>
      Number(r),
    );
    expect(residuals).toHaveLength(2);
    expect(Math.max(...residuals)).toBeLessThan(0.01);
    const bytes = fs.readFileSync(made[0]!);
    const { shape } = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    // Two chunks a phase, seven sweeps, on one batch in the free phase and on two in the nudged one.
    expect(shape).toEqual([2 * 7 * 3, 1, 8]);
  } finally {
    for (const one of [file, ...made]) fs.rmSync(one, { force: true });
  }
});

test('its command shows the schedule', async () => {
  const argv = /^npx metaplast (schedule .*?) {3,}/m.exec(page)![1]!.split(' ');
  const { status, out } = await command(...argv);
  expect(status).toBe(0);
  expect(out).toContain('neurons settle by 30 sweeps');
});
