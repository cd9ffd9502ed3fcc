import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, onlyRun, repository, rewriteManifest, snapshot, start, startProcess } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-run-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Runs one-synapse in five tasks, in a folder of its own unless another is given. */
const one = (runs: string, ...more: string[]) =>
  command('run', 'one-synapse', '--preset', 'smoke', '--runs', runs, ...more);
/** Boston with few units and steps. */
const smallBoston = (runs: string, ...more: string[]) =>
  command('run', 'boston', '--preset', 'smoke', '--set', 'hidden=3', '--runs', runs, ...more);
const json = (directory: string, file: string) =>
  JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'));

describe('run', () => {
  test('writes a whole run directory, and prints its report and where it is', async () => {
    const runs = newRuns();
    const { status, out, err } = await one(runs);
    const directory = onlyRun(runs);
    expect(status).toBe(0);
    expect(Object.keys(snapshot(directory))).toEqual([
      ...['checkpoints/000004.ckpt', 'checkpoints/000005.ckpt', 'config.json', 'env.json', 'manifest.json'],
      'metrics.ndjson',
      ...['omega-and-lambda-by-task', 'phi-through-phases'].flatMap((figure) =>
        ['csv', 'json', 'png', 'svg'].map((format) => `plots/${figure}.${format}`),
      ),
      ...['report.txt', 'summary.json', 'traces/index.json', 'traces/meta-updates.npy'],
      ...[
        'traces/meta-updates.when.npy',
        'traces/phase-ends.npy',
        'traces/phase-ends.when.npy',
        'traces/steps.npy',
        'traces/steps.when.npy',
      ],
    ]);
    expect(path.basename(directory)).toMatch(/^\d{4}-\d\d-\d\d-one-synapse-smoke-s1$/);
    expect(out).toContain(fs.readFileSync(path.join(directory, 'report.txt'), 'utf8'));
    expect(out).toMatch(new RegExp(`Done in \\d+\\.\\d s\\. Everything is in ${directory}\\n$`));
    expect(err.split('\n')).toEqual([
      `one-synapse, preset smoke, seed 1, in ${directory}`,
      expect.stringMatching(/^engine reference \(float64\); rules gpujs \(\w+, float32\)$/),
      'trace steps: phi, omega, lambda at each step, at most 256.3 kB',
      'trace phase-ends: phi, omega, lambda at each phase-end, at most 0.9 kB',
      'trace meta-updates: phi, omega, lambda at each meta-update, at most 1.5 kB',
      expect.stringMatching(/^one-synapse {2}100% \(5\/5\) {2}elapsed \d+ s {2}held-out mse \d\.\d{4}$/),
      `figure phi-through-phases: ${path.join(directory, 'plots/phi-through-phases.png')}`,
      `figure omega-and-lambda-by-task: ${path.join(directory, 'plots/omega-and-lambda-by-task.png')}`,
      '',
    ]);
  });

  test('prints one JSON document and nothing else with --json: the summary, and the run directory', async () => {
    const runs = newRuns();
    const { out } = await one(runs, '--json');
    const directory = onlyRun(runs);
    expect(JSON.parse(out)).toEqual({ ...json(directory, 'summary.json'), runDirectory: directory });
    expect(JSON.parse(out)).toMatchObject({ scenario: 'one-synapse', metaSteps: 5, warnings: [] });
  });

  test('says with --verbose what executes it in full, who chose it and what was passed over, as env.json always does', async () => {
    const runs = newRuns();
    const { err } = await smallBoston(runs, '--set', 'metaSteps=1', '--set', 'exactChecks=0', '--verbose');
    const lines = err.split('\n');
    const at = lines.findIndex((line) => line.startsWith('engine '));
    expect(lines[at]).toMatch(
      /^engine simd \(float32, (OpenBLAS [\d.]+|WebAssembly)\); rules gpujs \(\w+, float32\)$/,
    );
    expect(lines[at + 1]).toMatch(/^ {2}engine chosen by auto: cpu, WebAssembly SIMD, matrix products by /);
    expect(lines[at + 2]).toMatch(/^ {2}passed over gpujs: GPU\.js has no graphics processor here: /);
    const { engine } = json(onlyRun(runs), 'env.json');
    expect(engine).toMatchObject({ name: 'simd', chosenBy: 'auto', precision: 'float32' });
    expect(lines[at + 1]).toContain(engine.device);
    expect(lines[at + 2]).toContain(engine.passedOver[0]);
  });

  test('says in one short line, once, what executes it', async () => {
    const { err } = await smallBoston(newRuns(), '--set', 'metaSteps=1', '--set', 'exactChecks=0');
    const about = err.split('\n').filter((line) => /engine|OpenBLAS|gpujs/.test(line));
    expect(about).toHaveLength(1);
    expect(about[0]!.length).toBeLessThan(80);
  });

  test('prints nothing on stderr with --quiet', async () => {
    expect(await one(newRuns(), '--quiet')).toEqual({ status: 0, out: '', err: '' });
  });

  test('is set by --preset, --set (nested too), --seed, --name, --engine and --rules, which config.json keeps', async () => {
    const runs = newRuns();
    const settings = ['--set', 'free.steps=150', '--set', 'meta.optimizer=sgd', '--set', 'beta=-0.05'];
    await one(
      runs,
      ...settings,
      '--seed',
      '7',
      '--name',
      'mine',
      '--engine',
      'reference',
      '--rules',
      'plain',
    );
    const directory = onlyRun(runs);
    expect(directory).toMatch(/one-synapse-mine-s7$/);
    expect(json(directory, 'config.json')).toMatchObject({
      ...{
        scenario: 'one-synapse',
        preset: 'smoke',
        seed: 7,
        engine: 'reference',
        rules: 'plain',
        file: null,
      },
      config: { metaSteps: 5, beta: -0.05, free: { steps: 150, rate: 0.02 }, meta: { optimizer: 'sgd' } },
    });
    expect(json(directory, 'env.json')).toMatchObject({
      engine: { name: 'reference', precision: 'float64', chosenBy: 'name', passedOver: [] },
      rules: { executor: 'plain', precision: 'float64', mode: null },
    });
  });

  test('draws another split and start for another seed, and the same for the same', async () => {
    const quick = ['--set', 'metaSteps=1', '--set', 'exactChecks=0', '--set', 'free.tolerance=0.01'];
    const heldOut = async (seed: string) => {
      const { out } = await smallBoston(newRuns(), '--seed', seed, ...quick, '--json');
      return JSON.parse(out).heldOut.before as number;
    };
    const [first, again, other] = [await heldOut('1'), await heldOut('1'), await heldOut('2')];
    expect(again).toBe(first);
    expect(other).not.toBeCloseTo(first, 3);
  });

  test('refuses a name whose directory exists, which stays as it was', async () => {
    const runs = newRuns();
    await one(runs, '--name', 'mine');
    const before = snapshot(runs);
    const { status, out, err } = await one(runs, '--name', 'mine');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/exists already, and none is ever overwritten\..*another --name/);
    expect(snapshot(runs)).toEqual(before);
  });

  test('names the command that goes on with a run as a shell takes it, whatever its folder is called', async () => {
    const runs = path.join(newRuns(), "ada's runs");
    await one(runs, '--name', 'mine', '--quiet');
    const { err } = await one(runs, '--name', 'mine');
    const [, argv] = /\n {2}metaplast (.*)\n$/.exec(err)!;
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${argv}`])
      .toString()
      .split('\0')
      .slice(0, -1);
    expect(await command(...words)).toMatchObject({
      status: 0,
      out: expect.stringContaining('finished already'),
    });
  });

  test('keeps a phase that did not converge as a warning with its residual, told and in the summary', async () => {
    const few = ['--set', 'free.steps=40', '--set', 'nudged.steps=20', '--set', 'synapse.lambda=1e-6'];
    const { status, out, err } = await smallBoston(newRuns(), ...few, '--json');
    expect(status).toBe(0);
    const { warnings, unconvergedMetaSteps, residual, exactChecks } = JSON.parse(out);
    expect(warnings).toHaveLength(10);
    expect(warnings[0]).toMatch(
      /^meta-step 0: the free phase \(beta = 0\) has not converged: residual \d\.\d\de-\d after 40 steps$/,
    );
    expect(err).toContain(`warning: ${warnings[9]}\n`);
    expect(unconvergedMetaSteps).toBe(5);
    expect(residual.largest).toBeGreaterThan(1e-3);
    expect(exactChecks).toEqual([
      {
        ...{ metaStep: 0, relativeError: null, smallestEigenvalue: expect.any(Number) },
        refused: expect.stringMatching(/no strict minimum: .* indefinite/),
      },
    ]);
  });

  test('starts from no strength at all where lambda itself is learned', async () => {
    const ill = ['--set', 'synapse.lambda=0', '--set', 'free.steps=40', '--set', 'nudged.steps=20'];
    const { status, out } = await smallBoston(newRuns(), ...ill, '--set', 'logarithmic=none', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out).exactChecks[0].refused).toMatch(/no strict minimum/);
    const refused = await smallBoston(newRuns(), ...ill);
    expect(refused.status).toBe(2);
    expect(refused.err).toMatch(/synapse\.lambda .* 0 has no logarithm; .*logarithmic=none\. Got 0/);
  });

  test('writes the exact check only into the metrics of its own meta-step', async () => {
    const runs = newRuns();
    await smallBoston(runs, '--set', 'exactChecks=2', '--set', 'metaSteps=3', '--set', 'free.tolerance=0.01');
    const lines = fs
      .readFileSync(path.join(onlyRun(runs), 'metrics.ndjson'), 'utf8')
      .trim()
      .split('\n');
    const checked = lines.map((line) => JSON.parse(line).exact !== undefined);
    expect(checked).toEqual([true, false, false, true]);
  });

  test('that diverges exits 1 with task, phase, beta, step and advice, and keeps what was recorded', async () => {
    const runs = newRuns();
    const { status, out, err } = await smallBoston(runs, '--set', 'nudged.rate=9');
    const directory = onlyRun(runs);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(
      /metaplast: Learning diverged in task "boston", nudged phase \(beta = 0\.1\), at step \d+: .* Try --set nudged\.rate=0\.\d+.* \(tried on the same task: good, errors of .*\)\. What was recorded so far is in /,
    );
    expect(err).not.toMatch(/\n +at /);
    const { out: csv } = await command('trace', directory, 'synapses', '--synapse', '3');
    expect(csv.split('\n')[1]).toMatch(/^0,0,0,\d+,[\d.e-]+,-?\d/);
    expect(Object.keys(snapshot(directory))).not.toContain('summary.json');
    const advised = /Try ((?:--set \S+ )+)/.exec(err)![1]!.trim().split(' ');
    const followed = await smallBoston(newRuns(), ...advised);
    expect(followed.status).toBe(0);
    expect(followed.out).toMatch(/verdict: good/);
  });
});

describe('trace', () => {
  const runs = newRuns();
  beforeAll(() => one(runs, '--quiet'));

  test('lists what was recorded, of how many synapses and when', async () => {
    const { status, out, err } = await command('trace', onlyRun(runs));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(
      /^meta-updates: phi, omega, lambda and what the rule saw of 1 synapse, 5 rows, at each meta-update\nphase-ends: .*at each phase-end\nsteps: .*at each step\n$/,
    );
    expect(JSON.parse((await command('trace', onlyRun(runs), '--json')).out)).toEqual(
      json(onlyRun(runs), 'traces/index.json').traces,
    );
  });

  test('prints one as comma-separated values, in which phi is told of both phases', async () => {
    const { out } = await command('trace', onlyRun(runs), 'steps', '--synapse', '0');
    const [head, ...rows] = out.trimEnd().split('\n');
    expect(head).toBe('task,phase,beta,step,residual,phi[0],omega[0],lambda[0]');
    const firstTask = rows.map((row) => row.split(',').map(Number)).filter(([task]) => task === 0);
    const end = (beta: number) => firstTask.filter((row) => row[2] === beta).at(-1)![5];
    expect(end(0)).toBeCloseTo((2 * 1 + 0.5 * 0) / 2.5, 9);
    expect(end(0.1)).toBeCloseTo((2 * 1 + 0.2 * -0.5 + 0.5 * 0) / 2.7, 9);
  });

  test('prints the same as JSON with --json', async () => {
    const { out } = await command('trace', onlyRun(runs), 'meta-updates', '--json');
    const { moments, courses, variables } = JSON.parse(out);
    expect(variables.slice(0, 4)).toEqual(['phi', 'omega', 'lambda', 'omega.value']);
    expect(moments).toEqual([0, 1, 2, 3, 4].map((task) => [task, -1, 0, 1, null]));
    expect(courses.at(-1)).toMatchObject({ variable: 'lambda.after', synapse: { index: 0, layer: 0 } });
    expect(courses.at(-1).values.at(-1)).toBe(json(onlyRun(runs), 'summary.json').lambda);
  });

  test('explains its files in --help, by the names and units that index.json has, with an example that runs', async () => {
    const { out } = await command('trace', '--help');
    const { when } = json(onlyRun(runs), 'traces/index.json').traces.steps;
    when.columns.forEach((column: string, i: number) => {
      expect(out).toMatch(new RegExp(`^ +${i} +${column} +${when.units[i]}$`, 'm'));
    });
    const example = /\n\n((?: {2}.*\n)*? {2}import json(?:.*\n)+?)\n/.exec(out)![1]!;
    // Of this run, which has other synapses and traces.
    const script = example
      .replace(/^ {2}/gm, '')
      .replace('runs/2026-01-31-boston-cpu-s1/', `${onlyRun(runs)}/`)
      .replaceAll('synapses.', 'steps.')
      .replace("['traces']['synapses']", "['traces']['steps']")
      .replace('.index(42)', '.index(0)');
    const python = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
    if (/No module named 'numpy'/.test(python.stderr) || python.error !== undefined) return; // nobody here to run it
    expect(python.stderr).toBe('');
    const csv = (await command('trace', onlyRun(runs), 'steps')).out.trim().split('\n').slice(1);
    const free = csv.map((row) => row.split(',').map(Number)).filter(([, phase]) => phase === 0);
    // NumPy leaves out the middle of long arrays.
    expect(python.stdout.replace(/[[\]]/g, '').trim().split(/\s+/).slice(0, 2).map(Number)).toEqual([
      free[0]![0],
      expect.closeTo(free[0]![5]!, 6),
    ]);
  });

  test('prints some synapses of many, named by index, range or connection', async () => {
    const many = newRuns();
    await smallBoston(many, '--set', 'metaSteps=1', '--set', 'exactChecks=0', '--quiet');
    const columns = async (synapses: string) => {
      const { out } = await command('trace', onlyRun(many), 'synapses', '--synapse', synapses);
      return out
        .split('\n')[0]!
        .split(',')
        .filter((name) => name.startsWith('phi'));
    };
    expect(await columns('7,1-2')).toEqual(['phi[1]', 'phi[2]', 'phi[7]']);
    expect(await columns('0:bias:1')).toEqual(['phi[40]']); // behind 13 x 3 weights
    expect(await columns('0:3:1,2:*:0')).toEqual(['phi[16]', 'phi[42]', 'phi[43]', 'phi[44]', 'phi[45]']);
  });

  test.each<[string[], RegExp]>([
    [
      ['step'],
      /no such trace\. Got "step"\. Legal: meta-updates, phase-ends, steps\. Did you mean "steps"\?/,
    ],
    [['steps', '--synapse', '0,3-4'], /holds no such synapse\. Got "3-4"\. /],
    [['steps', '--synapse', '3'], /Trace "steps" holds no such synapse\. Got "3"\. Legal: 0, or 0:0:0\./],
    [['steps', '--synapse', '-1'], /"-1" names no synapse\. Got "-1"\. Legal: an index \(42\), a range/],
  ])('refuses %j', async (argv, message) => {
    const { status, err } = await command('trace', onlyRun(runs), ...argv);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });

  test('refuses a folder that is no run directory, and says so where a run has recorded nothing', async () => {
    expect(await command('trace', home)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/no run directory/),
    });
    const bare = path.join(home, 'bare');
    fs.cpSync(onlyRun(runs), bare, { recursive: true });
    rewriteManifest(bare, ({ files }) => ({
      files: Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith('traces/'))),
    }));
    expect(await command('trace', bare)).toEqual({
      ...{ status: 0, out: '', err: 'the run has recorded no trace\n' },
    });
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'takes "%s" for a name that no trace has',
    async (name) => {
      const { status, err } = await command('trace', onlyRun(runs), name);
      expect(status).toBe(2);
      expect(err).toMatch(/no such trace\. Got ".*"\. Legal: meta-updates, phase-ends, steps/);
    },
  );
});

describe('wrong input exits 2, with one clear message and the nearest legal name, and makes no directory:', () => {
  test.each<[string[], RegExp]>([
    [['rn', 'boston'], /unknown command 'rn'\n\(Did you mean run\?\)/],
    [['run'], /missing required argument 'scenario'/],
    [['run', 'bostn'], /no such scenario\. Got "bostn"\. .*Did you mean "boston"\?/],
    [['run', 'boston', 'mnist'], /too many arguments/],
    [['run', 'boston', '--sed', '3'], /unknown option '--sed'\n\(Did you mean .*--seed/],
    [
      ['run', 'boston', '--preset', 'smok'],
      /no such preset\. Got "smok"\. Legal: smoke, cpu, paper\. Did you mean "smoke"\?/,
    ],
    [['run', 'boston', '--set', 'metaStep=3'], /no setting "metaStep" .* Did you mean "metaSteps"\?/],
    [['run', 'boston', '--set', 'free.stepz=3'], /no setting "free\.stepz" .* Did you mean "steps"\?/],
    [
      ['run', 'boston', '--set', 'metaSteps'],
      /--set needs a setting and a value\. Got "metaSteps"\. Legal: --set key\.path=value/,
    ],
    [
      ['run', 'boston', '--set', 'beta.x=3', '--set', 'beta=1', '--set', 'beta.y=1'],
      /"beta" is one value, it holds no "y"/,
    ],
    [['run', 'boston', '--set', 'metaSteps=0'], /metaSteps .*Got 0\. Legal: at least 1/],
    [['run', 'boston', '--set', 'heldOut=1'], /heldOut .*Got 1\. Legal: less than 1/],
    [['run', 'boston', '--set', 'beta=0'], /nudging strength of 0/],
    [
      ['run', 'boston', '--set', 'meta.optimizer=adm'],
      /Got "adm"\. Legal: adam, sgd\. Did you mean "adam"\?/,
    ],
    [['run', 'boston', '--set', 'estimator=sym'], /no such estimator; legal: forward, symmetric, p3/],
    [
      ['run', 'boston', '--set', 'watch=301'],
      /watch is no synapse of this network\. Got 301\. Legal: 0 to 300/,
    ],
    [['run', 'boston', '--seed', '1.5'], /argument '1\.5' is invalid\. Legal: 0, 1, \.\.\./],
    [['run', 'boston', '--seed', '-1'], /'-1' is invalid/],
    [['run', 'boston', '--checkpoint-every', '0'], /argument '0' is invalid\. Legal: 1, 2, \.\.\./],
    [['run', 'boston', '--engine', 'refrence'], /no such engine\. .*Did you mean "reference"\?/],
    [['run', 'boston', '--rules', 'gpu'], /no such executor of rules\. .*Did you mean "gpujs"\?/],
    [['run', 'boston', '--name', 'a/b'], /--name.*letters, digits/],
    [['run', './none.ts'], /scenario file does not exist\. Got "\.\/none\.ts"/],
    [['run', './package.json.js'], /scenario file does not exist/],
    [['list', 'bostn'], /Did you mean "boston"\?/],
    [['schedule', 'boston', '--set', 'bta=1'], /Did you mean "beta"\?/],
  ])('%j', async (argv, message) => {
    const runs = newRuns();
    const { status, out, err } = await command(...argv, ...(argv[0] === 'run' ? ['--runs', runs] : []));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/^metaplast: /);
    expect(err).not.toMatch(/\n +at /);
    expect(fs.existsSync(runs)).toBe(false);
  });

  test('a file that holds no scenario, throws at its top level, or does not parse', async () => {
    const wrong = [
      ['exports.default = {};', /holds no scenario\. .*default export made by defineScenario/],
      ['throw new Error("top");', /cannot be loaded: top\. Got /],
      ['exports.default = {', /cannot be loaded: /],
    ] as const;
    const ends = wrong.map(([text]) => {
      const file = path.join(home, `wrong-${count++}.js`);
      fs.writeFileSync(file, text);
      return start(['run', file, '--runs', newRuns()]).ended;
    });
    for (const [index, { status, err }] of (await Promise.all(ends)).entries()) {
      expect(status).toBe(2);
      expect(err).toMatch(wrong[index]![1]);
      expect(err).not.toMatch(/\n +at /);
    }
  });
});

describe('as a process', () => {
  test('a reader that closes the pipe early is no error', async () => {
    const { child, ended } = start(['trace', onlyRun(path.join(home, '0')), 'steps']);
    child.stdout!.once('data', () => child.stdout!.destroy());
    expect(await ended).toMatchObject({ status: 0, err: '' });
  });

  test('a scenario’s file is a script of its own under ts-node', async () => {
    const runs = newRuns();
    const script = ['scenarios/one-synapse.ts', '--preset', 'smoke', '--runs', runs, '--json', '--quiet'];
    const { status, out, err } = await startProcess([
      path.join(repository, 'node_modules/ts-node/dist/bin.js'),
      ...script,
    ]).ended;
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ scenario: 'one-synapse', runDirectory: onlyRun(runs) });
  });
});
