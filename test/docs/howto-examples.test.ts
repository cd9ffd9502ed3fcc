import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onlyRun, repository, start } from '../cli/command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-howto-synapse-'));
afterAll(() => fs.rmSync(runs, { recursive: true }));

/** A page's example, and the commands that it names, without the words behind them. */
function pageOf(name: string) {
  const page = fs.readFileSync(path.join(repository, `docs/howto/${name}.md`), 'utf8');
  const commands = [...page.matchAll(/^npx metaplast (\S.*?)(?: {3,}.*)?$/gm)].map(([, line]) =>
    line!.split(' '),
  );
  return { example: /```ts\n(.*?)```/s.exec(page)![1]!, commands };
}

const small = ['metaSteps=3', 'batch=2', 'unseen.tasks=3', 'unseen.steps=[0,5]'].flatMap((one) => [
  '--set',
  one,
]);

test.each([
  {
    name: 'new-synapse',
    written: './stiff.ts',
    commandsAtLeast: 4,
    listed: ['synapse.κ', 'synapse.w_max', 'learn'],
  },
  { name: 'chain', written: './chain.ts', commandsAtLeast: 2, listed: [] },
  { name: 'new-method', written: './ahead.ts', commandsAtLeast: 2, listed: ['ahead.rate'] },
])('the page $name does what it says', async ({ name, written, commandsAtLeast, listed }) => {
  const { example, commands } = pageOf(name);
  const file = path.join(repository, `.${name}-${process.pid}.ts`);
  // By the build: from the sources it is the same, and takes many times as long to load.
  fs.writeFileSync(file, example.replace("'./src'", "'./dist/src'"));
  const folder = path.join(runs, name);
  let told = 0;
  try {
    for (const command of commands) {
      if (command.includes('cascade')) continue;
      const argv = command.map((word) =>
        word === written ? file : word === 'runs/DIR' ? onlyRun(folder) : word,
      );
      const own = command[0] === 'run' ? [...small, '--quiet', '--rules', 'plain', '--runs', folder] : [];
      const { status, out, err } = await start([...argv, ...own], repository).ended;
      expect({ argv, status, err }).toEqual({ argv, status: 0, err: expect.not.stringMatching(/\n +at /) });
      if (command[0] === 'list') for (const setting of listed) expect(out).toContain(`  ${setting} = `);
      told++;
    }
  } finally {
    fs.rmSync(file);
  }
  expect(told).toBeGreaterThanOrEqual(commandsAtLeast);
});
