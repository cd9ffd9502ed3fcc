import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository, start } from '../cli/command';

const page = fs.readFileSync(path.join(repository, 'docs/howto/table.md'), 'utf8');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-howto-table-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The words of a command as a shell takes them. */
const words = (line: string) => [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
const commands = [...page.matchAll(/^npx metaplast (\S.*?)(?: {3,}.*)?$/gm)].map(([, line]) => words(line!));

test('every command of the page about tables does what it says, on its own example', async () => {
  fs.writeFileSync(path.join(folder, 'bikes.csv'), /```csv\n(.*?)```/s.exec(page)![1]!);
  fs.mkdirSync(path.join(folder, 'shops'));
  for (let shop = 0; shop < 8; shop++) {
    const rows = Array.from({ length: 6 }, (_, day) => `${day},${Math.sin(shop + day)},${day * (shop + 1)}`);
    fs.writeFileSync(path.join(folder, 'shops', `shop-${shop}.csv`), ['day,rain,sold', ...rows].join('\n'));
  }
  expect(commands.map(([name, of]) => `${name} ${of}`)).toEqual(['run table', 'list table', 'run tasks']);
  for (const argv of commands) {
    const fewer = argv.includes('tasks') ? ['--set', 'unseen.tasks=5', '--set', 'unseen.steps=[0,5]'] : [];
    const { status, out, err } = await start([...argv, ...fewer], folder).ended;
    expect({ argv, status }).toEqual({ argv, status: 0 });
    expect(err).not.toMatch(/\n +at /);
    expect(out.length).toBeGreaterThan(300);
  }
}, 120_000);
