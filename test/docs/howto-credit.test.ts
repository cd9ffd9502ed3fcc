import { spawnSync } from 'node:child_process';
import fs, { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { creditNames } from '../../src/network/credit/credits';
import { repository, start } from '../cli/command';

const page = readFileSync(join(repository, 'docs/howto/credit.md'), 'utf8');
const [code, own] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text!) as [string, string];

describe('the page on where gradients come from', () => {
  it('has a row for every word', () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, word]) => word);
    expect(rows).toEqual(creditNames());
  });

  it('has code that runs as written', () => {
    const file = join(repository, `.credit-${process.pid}.ts`);
    writeFileSync(file, code);
    try {
      const done = spawnSync(process.execPath, [require.resolve('ts-node/dist/bin'), file], {
        cwd: repository,
        encoding: 'utf8',
      });
      expect([done.stderr, done.stdout]).toEqual(['', 'dual dual dual\n']);
    } finally {
      rmSync(file);
    }
  });

  it('has a source of one own that runs as written, and learns', async () => {
    const runs = fs.mkdtempSync(join(os.tmpdir(), 'metaplast-credit-'));
    const file = join(repository, `.sign-feedback-${process.pid}.ts`);
    writeFileSync(file, own);
    try {
      const words = /npx metaplast (run \.\/sign-feedback.*)/
        .exec(page)![1]!
        .replace('./sign-feedback.ts', file)
        .split(' ');
      const smaller = ['--set', 'unseen.tasks=10', '--set', 'unseen.steps=[0,10]', '--rules', 'plain'];
      const done = await start([...words, ...smaller, '--json', '--quiet', '--runs', runs], repository).ended;
      expect(done).toMatchObject({ status: 0, err: '' });
      const { methods } = JSON.parse(done.out);
      expect(Object.keys(methods)).toEqual(['backprop', 'sign-feedback']);
      // Ten steps inside a task lower the loss of its held-out points.
      for (const { heldOutLoss } of Object.values(methods) as { heldOutLoss: { mean: number }[] }[])
        expect(heldOutLoss[1]!.mean).toBeLessThan(heldOutLoss[0]!.mean);
    } finally {
      rmSync(file);
      rmSync(runs, { recursive: true });
    }
  }, 120_000);
});
