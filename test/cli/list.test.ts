import { command } from './command';

describe('list', () => {
  test('shows every scenario with its question', async () => {
    const { status, out, err } = await command('list');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^boston +Do synapses .*\?\n/);
    expect(out).toMatch(/^one-synapse +What happens .*\?\n/m);
  });

  test('shows the settings of one with default and meaning, and what its presets change', async () => {
    const { out } = await command('list', 'boston');
    expect(out).toMatch(/^ {2}synapse\.lambda = 0\.1: how strongly it is drawn: its value at the start/m);
    expect(out).toContain('  meta.optimizer = "adam" (adam | sgd): what moves the slow variables');
    expect(out).toMatch(
      / {2}smoke {2}metaSteps=4 exactChecks=1 oneLambda=\[\]\n {2}cpu {4}\(nothing: the defaults\)\n/,
    );
    expect(out).toMatch(/ {2}paper .*metaSteps=100/);
  });

  test('prints one JSON document with --json', async () => {
    const all = await command('list', '--json');
    expect(JSON.parse(all.out)).toContainEqual({ name: 'boston', question: expect.stringMatching(/\?$/) });
    const one = JSON.parse((await command('list', 'boston', '--json')).out);
    expect(one).toMatchObject({
      name: 'boston',
      presets: { smoke: { metaSteps: 4, beta: 0.1 }, cpu: {}, paper: {} },
    });
    expect(one.settings).toContainEqual({
      ...{ path: 'metaSteps', standard: 30, choices: null },
      description: 'meta-steps, 1 or more',
    });
  });
});

describe('schedule', () => {
  test('tells who runs when, for how long at the most, without running it', async () => {
    const { status, out } = await command(
      'schedule',
      'boston',
      '--set',
      'estimator=symmetric',
      '--set',
      'beta=0.03',
    );
    expect(status).toBe(0);
    expect(out).toMatch(
      /^boston: 31 tasks, each:\n +1\. free phase, beta = 0: up to 20000 steps on training data/,
    );
    expect(out).toMatch(
      /3\. nudged phase, beta = -0\.03: up to 20000 steps on training data \+ -0\.03 x replayed/,
    );
    expect(out).toMatch(/At most 1860000 inner steps in all\.\n$/);
  });

  test('prints one JSON document with --json', async () => {
    const { out } = await command('schedule', 'one-synapse', '--preset', 'smoke', '--json');
    expect(JSON.parse(out)).toEqual({
      ...{ scenario: 'one-synapse', tasks: 5, batch: 1, stride: 1 },
      phases: [
        { beta: 0, steps: 400, tolerance: 1e-10 },
        { beta: 0.1, steps: 400, tolerance: 1e-10 },
      ],
    });
  });
});

describe('help', () => {
  test('is shown without arguments, with examples and the exit statuses', async () => {
    const { status, out } = await command();
    expect(status).toBe(0);
    expect(out).toMatch(/Examples:\n {2}metaplast list/);
    expect(out).toMatch(/Exit status: 0 done, 2 .*, 1 .*, 130 interrupted/);
  });

  test.each(['list', 'run', 'resume', 'trace', 'plot', 'schedule', 'estimate', 'audit', 'data'])(
    'of %s tells its flags and has an example',
    async (name) => {
      const { status, out } = await command(name, '--help');
      expect(status).toBe(0);
      expect(out).toMatch(new RegExp(`Examples?:\\n  metaplast ${name}`));
      expect(out).toContain('--json');
    },
  );

  test('tells the version', async () => {
    expect(await command('--version')).toMatchObject({ status: 0, out: '0.1.0\n' });
  });
});
