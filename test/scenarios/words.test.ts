import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from '../../src/plot/figure';
import { command } from '../cli/command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-words-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

/** A run in which something that is told elsewhere is not there to be told. */
const cases: readonly (readonly [
  what: string,
  scenario: string,
  settings: readonly string[],
  sentences: readonly RegExp[],
])[] = [
  [
    'no small beta, and none where phases that have converged keep their digits',
    'quadratic',
    ['grid.from=1', 'grid.to=2', 'converged.steps=50', 'steps=[1,2]', 'points=[2]', 'total=5'],
    [
      /^ {2}converged phases: no three betas between .* and .*, so that the order of the error is not known \(in theory 1\); at beta = 100 it is \d/m,
      /^ {2}no beta lies between 0\.001 and 1, where phases that have converged are compared with the closed form$/m,
      /^ {2}no three best errors lie between 1e-8 and 0\.02, so that their fall by step is not known \(in theory error -0\.\d+, beta -0\.\d+ powers of ten\)$/m,
    ],
  ],
  [
    'phases too short for Corollary 1',
    'bound',
    ['steps=[2,3]', 'grid.from=-1', 'grid.to=1', 'grid.perDecade=2'],
    [
      /^Corollary 1: of no three numbers of steps is the distance a thousandth of C \/ B_in or less, so that powers are not known \(in theory 1\/2\)\.$/m,
    ],
  ],
  [
    'no nudged phase that stays within bounds',
    'toy',
    [
      ...['steps=[20]', 'betas=[1000]', 'allocation.totals=[20]', 'allocation.shares=[0.5]'],
      'allocation.betas=[1000]',
    ],
    [
      /^ {2}phases of one length: every nudged phase diverged, so that there is no estimate$/m,
      /^ {2}shared steps: every nudged phase diverged, so that there is no estimate$/m,
    ],
  ],
];

describe.each(cases)('with %s', (_, scenario, settings, sentences) => {
  test(`the report of ${scenario} has sentences, and none with a hole`, async () => {
    const flags = settings.flatMap((setting) => ['--set', setting]);
    const finished = await command('run', scenario, '--preset', 'smoke', ...flags, '--runs', runs, '--json');
    const { status, out, err } = finished;
    expect(status).toBe(0);
    for (const sentence of sentences) expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\b(NaN|undefined|null|Infinity)\b|O\(beta\^[^\d-]/);
    const { runDirectory } = JSON.parse(out);
    for (const file of fs
      .readdirSync(path.join(runDirectory, 'plots'))
      .filter((name) => name.endsWith('.json'))) {
      const { title, caption, panels }: Figure = JSON.parse(
        fs.readFileSync(path.join(runDirectory, 'plots', file), 'utf8'),
      );
      const words = [
        title,
        caption,
        ...panels.flatMap((panel) => [panel.title ?? '', ...panel.series.map(({ label }) => label)]),
      ];
      expect(words.join('\n')).not.toMatch(/\b(NaN|undefined|null|Infinity)\b/);
    }
  });
});
