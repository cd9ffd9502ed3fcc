import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-workers-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const argv = ['run', 'one-synapse', '--preset', 'smoke', '--rules', 'plain', '--runs', home];

describe('workers that an engine of one thread has no use for', () => {
  test('are told of', async () => {
    const ended = await command(...argv, '--engine', 'reference', '--workers', '2');
    expect(ended).toMatchObject({ status: 0 });
    expect(ended.err).toMatch(
      /engine reference works in one thread: only whole tasks of a meta-batch .* to the 2 workers/,
    );
  });

  test.each([
    ['reference', '1'],
    ['simd', '2'],
  ])('are not told of with --engine %s --workers %s', async (engine, workers) => {
    const ended = await command(...argv, '--engine', engine, '--workers', workers);
    expect(ended).toMatchObject({ status: 0 });
    expect(ended.err).not.toMatch(/works in one thread/);
  });
});
