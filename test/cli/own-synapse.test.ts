import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bytes } from '../resume/bytes';
import { command, kill, onlyRun, repository, start, startedUntil } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-synapse-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** A file of synapses that loads metaplast's sources, or the build where a process of its own runs. */
function write(name: string, description: string, from: 'src' | 'dist/src' = 'src'): string {
  const file = path.join(home, name);
  fs.writeFileSync(
    file,
    `const { defineSynapse } = require(${JSON.stringify(path.join(repository, from, 'index'))});
    module.exports = defineSynapse(${description});`,
  );
  return file;
}

const stiff = `{
  fast: 'w', anchor: 'rest',
  meta: { κ: { initial: 0.5, nonNegative: true, learned: false, unit: 'per step', meaning: 'how stiff it is' }, rest: {} },
  penalty: 'κ * (w - rest)^2 / 2',
}`;
/** A chain: what phi is drawn to is drawn to what lasts longer. */
const chain = `{
  fast: 'phi', anchor: 'u_1',
  meta: { u_1: {}, u_2: {}, u_3: {}, g: { initial: 0.4, nonNegative: true, learned: false } },
  penalty: 'g * ((phi - u_1)^2 / 2 + 0.3 * (phi - u_2)^2 / 2 + 0.1 * (phi - u_3)^2 / 2)',
  flow: { u_1: '0.1 * (u_2 - u_1)', u_2: '0.05 * (u_1 - u_2) + 0.02 * (u_3 - u_2)', u_3: '0.01 * (u_2 - u_3)' },
}`;

const small = [
  ...[
    '--set',
    'metaSteps=3',
    '--set',
    'batch=2',
    '--set',
    'hidden=4',
    '--set',
    'stride=10',
    '--rules',
    'plain',
  ],
  ...[
    '--set',
    'unseen.tasks=3',
    '--set',
    'unseen.every=2',
    '--set',
    'unseen.steps=[0,5]',
    '--name',
    'same',
    '--quiet',
  ],
];
const sinusoid = (runs: string, ...more: string[]) =>
  command('run', 'sinusoid', ...small, '--runs', runs, ...more);
const summary = (runs: string) =>
  JSON.parse(fs.readFileSync(path.join(onlyRun(runs), 'summary.json'), 'utf8'));
const losses = (runs: string) =>
  Object.entries(summary(runs).methods as Record<string, { curve: unknown }>).map(([name, of]) => [
    name,
    of.curve,
  ]);

describe('the complex synapse by other names', () => {
  const spoken = (text: string): string =>
    text
      .replaceAll('κ', 'lambda')
      .replaceAll(/\brest\b/g, 'omega')
      .replaceAll(/\bw\b/g, 'phi');

  test.each([
    ['one-synapse', ['--set', 'metaSteps=4']],
    [
      'toy',
      [
        '--set',
        'hidden=2',
        '--set',
        'steps=[60]',
        '--set',
        'betas=[0.1]',
        '--set',
        'allocation.totals=[90]',
        '--set',
        'minimum.steps=300',
      ],
    ],
  ])('gives scenario %s the same numbers and words to the last one', async (scenario, settings) => {
    const runs = [newRuns(), newRuns()];
    const argv = ['run', scenario, '--preset', 'smoke', '--quiet', '--name', 'same', ...settings];
    const own = ['--synapse', write('renamed.js', stiff)];
    for (const [i, more] of [[], own].entries()) {
      expect(await command(...argv, ...more, '--runs', runs[i]!)).toMatchObject({ status: 0 });
    }
    for (const file of ['metrics.ndjson', 'summary.json', 'report.txt']) {
      const [standard, renamed] = runs.map((of) => fs.readFileSync(path.join(onlyRun(of), file), 'utf8'));
      expect(spoken(renamed!)).toBe(standard);
    }
  });

  test('is what these scenarios take, and no other energy', async () => {
    const other =
      "{ fast: 'w', anchor: 'a', meta: { a: {}, k: { nonNegative: true } }, penalty: 'k * abs(w - a)' }";
    const { status, err } = await command('list', 'one-synapse', '--synapse', write('other.js', other));
    expect(status).toBe(2);
    expect(err).toMatch(
      /closed form, takes only synapses whose energy is that of the complex synapse.*Got "k \* abs\(w - a\)"/,
    );
  });
});

describe('synapses of one’s own', () => {
  test('have the settings that their file declares', async () => {
    const { status, out } = await command('list', 'sinusoid', '--synapse', write('listed.js', stiff));
    expect(status).toBe(0);
    expect(out).toContain(
      '  synapse.κ = 0.5: how stiff it is: its value at the start, per step, 0 or more\n',
    );
    expect(out).toMatch(/^ {2}synapse\.rest = null: .*null: what phi starts with$/m);
    expect(out).toMatch(/^ {2}learn = "rest": .*: κ, rest, none; several with commas$/m);
    expect(out).not.toContain('lambda');
  });

  test('learn by every method what synapses of the same mathematics learn under other names', async () => {
    const [own, builtIn] = [newRuns(), newRuns()];
    const file = write('renamed.js', stiff);
    expect(await sinusoid(own, '--method', 'all', '--synapse', file)).toMatchObject({ status: 0 });
    expect(await sinusoid(builtIn, '--method', 'all')).toMatchObject({ status: 0 });
    expect(losses(own)).toEqual(losses(builtIn));
  });

  test('learn on Boston what synapses of the same mathematics learn under other names', async () => {
    const [own, builtIn] = [newRuns(), newRuns()];
    const boston = [
      'run',
      'boston',
      '--preset',
      'smoke',
      '--set',
      'hidden=2',
      '--set',
      'metaSteps=2',
      '--quiet',
    ];
    const file = write('boston.js', stiff);
    const stiffness = ['--synapse', file, '--set', 'synapse.κ=0.1'];
    expect(await command(...boston, '--runs', own, ...stiffness)).toMatchObject({ status: 0 });
    expect(await command(...boston, '--runs', builtIn)).toMatchObject({ status: 0 });
    for (const part of ['train', 'heldOut', 'test', 'exactChecks'])
      expect(summary(own)[part]).toEqual(summary(builtIn)[part]);
    expect(summary(own).synapse.κ).toEqual(summary(builtIn).synapse.lambda);
  });

  test('with three slow variables learn them all, by every method that keeps the penalty or can let go of it', async () => {
    const runs = newRuns();
    const learn = ['--set', 'learn=u_1,u_2,u_3', '--method', 'all'];
    const ended = await sinusoid(runs, '--synapse', write('chain.js', chain), ...learn);
    expect(ended).toMatchObject({ status: 0 });
    expect(summary(runs).methods.contrastive.neverMoved).toEqual([]);
    const { out } = await command('trace', onlyRun(runs), 'contrastive-between-tasks', '--synapse', '1');
    expect(out).toMatch(/u_1.*u_2.*u_3.*g/);
    const drawn = await command(
      'plot',
      onlyRun(runs),
      '--synapse',
      '1',
      '--trace',
      'contrastive-between-tasks',
    );
    expect(drawn).toMatchObject({ status: 0, out: expect.stringMatching(/\.png/) });
  });

  test('are refused where a method needs what they have not, before a directory is made', async () => {
    const floating = write(
      'floating.js',
      `{ fast: 'phi', meta: { goal: {}, g: { initial: 1, nonNegative: true } }, penalty: 'g * (phi - goal)^2' }`,
    );
    const held = write(
      'held.js',
      `{ fast: 'phi', meta: ['goal'], anchor: 'goal', penalty: '(phi - goal)^2' }`,
    );
    const runs = newRuns();
    const noAnchor = await sinusoid(runs, '--synapse', floating, '--method', 'maml');
    expect(noAnchor).toMatchObject({ status: 2 });
    expect(noAnchor.err).toMatch(/"maml" gives no gradient for any variable.*declares no anchor/);
    const noRelease = await sinusoid(runs, '--synapse', held, '--method', 'reptile');
    expect(noRelease).toMatchObject({ status: 2 });
    expect(noRelease.err).toMatch(
      /"reptile" learns a task without the penalty.*Multiply the penalty by a strength/,
    );
    expect(await sinusoid(newRuns(), '--synapse', floating)).toMatchObject({ status: 0 });
    expect(fs.existsSync(runs)).toBe(false);
  });

  test.each([
    ['a file that is not there', () => path.join(home, 'none.js'), /synapse file does not exist/],
    [
      'a file that exports none',
      () => path.join(repository, 'dist/src/core/norm.js'),
      /exports no synapse model/,
    ],
    [
      'a file of several',
      () => {
        const file = path.join(home, 'several.js');
        const model = `(n) => defineSynapse({ fast: 'phi', meta: [n], penalty: n + ' * phi^2' })`;
        fs.writeFileSync(
          file,
          `const { defineSynapse } = require('${repository}/src/index'); const of = ${model}; exports.a = of('a'); exports.b = of('b');`,
        );
        return file;
      },
      /several synapse models.*Got "a, b"/,
    ],
  ])('are refused as %s', async (_, file, message) => {
    const { status, err } = await sinusoid(newRuns(), '--synapse', file());
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });

  test('are refused by a scenario that is about its own', async () => {
    const { status, err } = await command('run', 'quadratic', '--synapse', write('quadratic.js', stiff));
    expect(status).toBe(2);
    expect(err).toMatch(/"quadratic" takes no other synapses/);
  });
});

describe('a run with synapses of one’s own', () => {
  const file = write('resumed.js', chain, 'dist/src');
  const stream = [
    'run',
    'sinusoid',
    ...small,
    '--method',
    'contrastive,maml',
    '--synapse',
    file,
    '--checkpoint-every',
    '1',
  ];
  let whole: Record<string, string>;
  const killed = newRuns();

  beforeAll(async () => {
    const runs = newRuns();
    expect(await start([...stream, '--runs', runs]).ended).toMatchObject({ status: 0 });
    whole = bytes(onlyRun(runs));
    const { running } = await startedUntil(killed, stream, 'checkpoints/000002.ckpt');
    await kill(running);
  });
  const copyOfKilled = () => {
    const runs = newRuns();
    fs.cpSync(killed, runs, { recursive: true });
    return onlyRun(runs);
  };

  test('that was killed without warning is resumed to the same bytes', async () => {
    const directory = copyOfKilled();
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0, err: '' });
    expect(bytes(directory)).toEqual(whole);
  });

  test('keeps their file: a changed one is refused, and the copy goes on to the same bytes', async () => {
    const directory = copyOfKilled();
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace('0.4', '0.7'));
    try {
      const refused = await start(['resume', directory, '--quiet']).ended;
      expect(refused).toMatchObject({ status: 2 });
      expect(refused.err).toMatch(/resumed\.js" was changed\..* --scenario stored/s);
      const stored = await start(['resume', directory, '--quiet', '--scenario', 'stored']).ended;
      expect(stored).toMatchObject({ status: 0, err: '' });
      expect(bytes(directory)).toEqual(whole);
    } finally {
      fs.writeFileSync(file, text);
    }
  });

  test('tells the command that makes it again, with their file', () => {
    expect(JSON.parse(whole['config.json']!).command).toMatch(/ --synapse \.\/resumed\.js /);
  });
});
