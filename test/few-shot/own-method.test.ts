import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, kill, onlyRun, repository, start, startedUntil } from '../cli/command';
import { bytes } from '../resume/bytes';
import { atStartMethod } from './at-start-method';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-own-method-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** A scenario with a method, an optimiser and an engine of its own: signs of gradients, in a step of the held-out gradient at the start. */
function write(name: string, more = '', from = 'src/index.ts'): string {
  const file = path.join(home, name);
  fs.writeFileSync(
    file,
    `const m = require(${JSON.stringify(path.join(repository, from))});
    const { z } = require(${JSON.stringify(path.join(repository, 'node_modules/zod'))});
    m.registerMetaOptimizer('signs', ({ rate }) => ({
      name: 'signs', buffers: [], settings: { rate },
      rule: m.defineRule('signs', { value: function (value, gradient, rate) {
        return value[this.thread.x] - rate * Math.sign(gradient[this.thread.x]); } }),
      scalarsAt: () => ({ rate }),
    }));
    ${atStartMethod}
    exports.default = m.fewShotScenario({
      name: 'own', question: 'Does it go on?', source: () => m.sinusoids({ support: 4, query: 4 }), methods: [start],
      network: (_, synapse) => m.mlp([1, 4, 1], { synapse }), ${more}
    });`,
  );
  return file;
}

const small = ['metaSteps=4', 'batch=2', 'unseen.tasks=3', 'unseen.steps=[0,5]', 'unseen.every=2'];
const flags = ['--rules', 'plain', '--quiet', '--name', 'same', ...small.flatMap((one) => ['--set', one])];

describe('a method of a scenario’s own', () => {
  test('stands in --method, in all, in the settings that list shows, in the report and in the figures', async () => {
    const [file, runs] = [write('own.js'), newRuns()];
    const listed = await command('list', file);
    expect(listed.out).toMatch(/nearest, at-start; several with commas, or all/);
    expect(listed.out).toContain('  at-start.share = 1: of the gradient that is used');
    const ended = await command('run', file, ...flags, '--method', 'at-start,maml', '--runs', runs);
    expect(ended).toMatchObject({ status: 0 });
    const read = (name: string) => fs.readFileSync(path.join(onlyRun(runs), name), 'utf8');
    expect(Object.keys(JSON.parse(read('summary.json')).methods)).toEqual(['maml', 'at-start']);
    expect(read('report.txt')).toMatch(/at-start: the held-out gradient where phi starts\./);
    for (const figure of fs
      .readdirSync(path.join(onlyRun(runs), 'plots'))
      .filter((name) => name.endsWith('.csv')))
      expect(read(`plots/${figure}`)).toContain('at-start');
    const all = await command('run', file, ...flags, '--method', 'all', '--runs', newRuns(), '--json');
    // Without modulation, which needs a network of its own, `all` is refused, naming what there is.
    expect(all.err).toMatch(/no network that learns by modulation.*at-start/);
  });

  test('is moved by an optimiser of its own, on an engine of its own', async () => {
    const [file, runs] = [write('moved.js'), newRuns()];
    const own = [
      '--method',
      'at-start',
      '--engine',
      'copied',
      '--set',
      'meta.optimizer=signs',
      '--set',
      'meta.rate=0.25',
    ];
    expect(await command('run', file, ...flags, ...own, '--runs', runs)).toMatchObject({ status: 0 });
    const env = JSON.parse(fs.readFileSync(path.join(onlyRun(runs), 'env.json'), 'utf8'));
    expect(JSON.stringify(env)).toContain('"name":"copied"');
    const { out } = await command('trace', onlyRun(runs), 'at-start-between-tasks', '--synapse', '0');
    const omega = out
      .trim()
      .split('\n')
      .map((line) => line.split(','))
      .map((cells, _, [names]) => Number(cells[names!.indexOf('omega[0]')]))
      .slice(1);
    const ways = omega.slice(1).map((value, i) => Math.abs(value - omega[i]!));
    expect(ways).toHaveLength(3);
    for (const way of ways) expect(way).toBeCloseTo(0.25, 12);
  });

  test('is resumed to the same bytes where its run was killed', async () => {
    const file = write('killed.js', '', 'dist/src/index.js');
    const argv = [
      'run',
      file,
      ...flags,
      '--method',
      'at-start,contrastive',
      '--engine',
      'copied',
      '--checkpoint-every',
      '1',
    ];
    const whole = newRuns();
    expect(await start([...argv, '--runs', whole]).ended).toMatchObject({ status: 0 });
    const { running, directory } = await startedUntil(newRuns(), argv, 'checkpoints/000002.ckpt');
    await kill(running);
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0, err: '' });
    expect(bytes(directory)).toEqual(bytes(onlyRun(whole)));
  });

  test.each([
    [
      'has the name of another',
      `methods: [m.defineMethod({ ...start, name: 'maml' })],`,
      /name of a method is taken. Got "maml"/,
    ],
    [
      'has the name of a setting',
      `methods: [m.defineMethod({ ...start, name: 'batch' })],`,
      /name of a method is taken. Got "batch"/,
    ],
    [
      'stands beside a setting of the scenario’s own that has a name of others',
      `settings: { learn: z.int().default(1) },`,
      /setting whose name is taken. Got "learn"/,
    ],
    ['lacks a part', `methods: [m.defineMethod({ ...start, plan: undefined })],`, /plan/],
    [
      'has a setting without a default',
      `methods: [m.defineMethod({ ...start, settings: z.strictObject({ a: z.number() }) })],`,
      /settings all have defaults/,
    ],
  ])('is refused where it %s', async (_, more, message) => {
    const { status, err } = await command('run', write(`bad-${count++}.js`, more), ...flags);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});

test.each([
  [
    'an engine that is built in',
    `m.registerEngine('simd', () => m.referenceEngine)`,
    /name of an engine is taken. Got "simd"/,
  ],
  [
    'an optimiser without a legal name',
    `m.registerMetaOptimizer('My Own', m.sgd)`,
    /no name for an optimiser. Got "My Own"/,
  ],
])('a scenario that registers %s is refused', async (_, call, message) => {
  const file = path.join(home, `registers-${count++}.js`);
  fs.writeFileSync(
    file,
    `const m = require(${JSON.stringify(path.join(repository, 'src/index.ts'))}); ${call};`,
  );
  const { status, err } = await command('run', file);
  expect(status).toBe(2);
  expect(err).toMatch(message);
});
