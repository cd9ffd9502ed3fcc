import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Every page of documentation, the README and CONTRIBUTING among them. */
function pages(): string[] {
  const found = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', 'CONTRIBUTING.md', ...found.map((file) => join('docs', file))].filter((file) =>
    file.endsWith('.md'),
  );
}

describe('the README', () => {
  test('its library example runs as written, and the held-out error that it prints falls', () => {
    const example = /```ts\n(.*?)```/s.exec(readme)![1]!;
    const file = join(root, `.first-steps-${process.pid}.ts`);
    writeFileSync(file, example);
    try {
      const done = spawnSync(process.execPath, [require.resolve('ts-node/dist/bin'), file], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(done.stderr).toBe('');
      const losses = JSON.parse(/^\[.*\]$/m.exec(done.stdout)![0]) as number[];
      expect(losses).toHaveLength(3);
      expect(losses[2]).toBeLessThan(losses[0]!);
      expect(done.stdout).toMatch(/^Synapse \{ layer: 0, parameter: 'weight', from: 3, to: 3, phi: /m);
    } finally {
      rmSync(file);
    }
  });

  test('every command that it names has a command file', () => {
    const named = [...readme.matchAll(/^npx metaplast (\w+)/gm)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(existsSync(join(root, `src/cli/${name}.ts`))).toBe(true);
  });
});

test('the built command can be executed, so that npx finds it after every build', () => {
  accessSync(join(root, 'dist/src/cli/main.js'), constants.X_OK);
});

describe('the documentation', () => {
  test.each(pages())('%s links only to pages that exist', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      expect([target, existsSync(join(root, dirname(page), target!))]).toEqual([target, true]);
    }
  });

  test('every file and symbol that theory-to-code names exists', () => {
    const text = readFileSync(join(root, 'docs/theory-to-code.md'), 'utf8');
    const rows = text.split('\n').filter((line) => /^\|.*`(src|models|scenarios)\//.test(line));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) {
      const cells = row.split('|');
      const files = [...cells[3]!.matchAll(/`([^`]+)`/g)].map(([, file]) => join(root, file!));
      const texts = files.flatMap((file) =>
        file.endsWith('.ts') ? [file] : readdirSync(file).map((name) => join(file, name)),
      );
      const source = texts.map((file) => readFileSync(file, 'utf8')).join('\n');
      const symbols = [...cells[4]!.matchAll(/`([^`]+)`/g)].flatMap(([, symbol]) => symbol!.split('.'));
      for (const symbol of symbols) expect([row, source.includes(symbol)]).toEqual([row, true]);
    }
  });
});
