import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Environment } from '../../src/run/directory/environment';
import { directoryFormat } from '../../src/run/directory/manifest';
import { command, rewriteManifest, snapshot } from '../cli/command';
import { type SmallRuns, smallRuns } from '../run/small-runs';

// Pictures take long to draw, and are the same each time.
jest.mock('../../src/plot/svg-png', () => ({ svgPng: (svg: string) => Buffer.from(`PNG of ${svg.length}`) }));

/** What differs in this process's environment from what it is. */
let elsewhere: (here: Environment) => Partial<Environment> = () => ({});
jest.mock('../../src/run/directory/environment', () => {
  const real = jest.requireActual('../../src/run/directory/environment');
  const environment = async (...given: unknown[]) => {
    const here = await real.environment(...given);
    return { ...here, ...elsewhere(here) };
  };
  return { ...real, environment };
});

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-same-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
let runs: SmallRuns;
let whole: Record<string, string>;
let count = 0;
beforeAll(async () => {
  jest.spyOn(fs, 'fsyncSync').mockImplementation(() => {}); // No power is cut here.
  runs = await smallRuns(home);
  whole = snapshot(runs.finished);
});
afterEach(() => {
  elsewhere = () => ({});
});

/** A copy of the run that stopped. */
function stopped(): string {
  const directory = path.join(home, `copy-${count++}`, path.basename(runs.stopped));
  fs.cpSync(runs.stopped, directory, { recursive: true });
  return directory;
}

/** What a command says of a run that it refuses, and leaves as it is. */
async function refusal(...argv: [string, string, ...string[]]): Promise<string> {
  const before = snapshot(argv[1]);
  const { status, out, err } = await command(...argv);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(/^metaplast: /);
  expect(err).not.toMatch(/\n +at /);
  expect(snapshot(argv[1])).toEqual(before);
  return err;
}

describe('a scenario that was changed since the run began', () => {
  const sources = ['tiny.js', 'parts/targets.js', 'parts/targets.json'].map((file) => path.join(home, file));
  let texts: string[];
  beforeAll(() => {
    texts = sources.map((file) => fs.readFileSync(file, 'utf8'));
  });
  afterEach(() => sources.forEach((file, i) => void fs.writeFileSync(file, texts[i]!)));

  test.each([
    ['its own file', 0],
    ['a file that it imports', 1],
    ['a file that that imports', 2],
  ])('is refused, with the name of the file and what to do: %s', async (_, which) => {
    fs.appendFileSync(sources[which]!, '\n');
    const directory = stopped();
    for (const verb of ['resume', 'diagnose']) {
      expect(await refusal(verb, directory)).toBe(
        `metaplast: The run's scenario is not as it was when the run began: "${sources[which]}" was changed. ` +
          `Two experiments do not mix. Put it back, or go on by the copy that the run keeps:\n  metaplast ${verb} ${directory} --scenario stored\n`,
      );
    }
    fs.rmSync(sources[which]!);
    expect(await refusal('resume', directory)).toContain(`"${sources[which]}" is missing`);
  });

  test('is gone on with as it was by --scenario stored, to the same bytes', async () => {
    for (const file of sources) fs.writeFileSync(file, 'throw new Error("other");');
    const directory = stopped();
    expect((await command('diagnose', directory, '--scenario', 'stored')).status).toBe(0);
    expect(await command('resume', directory, '--scenario', 'stored', '--quiet')).toEqual({
      status: 0,
      out: '',
      err: '',
    });
    expect(snapshot(directory)).toEqual(whole);
  });

  test('and whose copy is damaged is not run, and the copy is made again where the file is as it was', async () => {
    const directory = stopped();
    const copy = path.join(directory, 'scenario/parts/targets.json');
    fs.writeFileSync(copy, '{ "train": 2, "heldOut": -1 }\n');
    expect(await refusal('resume', directory, '--scenario', 'stored')).toMatch(
      /scenario\/parts\/targets\.json" is not what the run kept of the scenario\. Put back ".*parts\/targets\.json" as it was/,
    );
    const { status, err } = await command('resume', directory, '--quiet');
    expect({ status, err }).toEqual({
      ...{
        status: 0,
        err: expect.stringMatching(/^warning: ".*targets\.json" has other bytes .*; it is copied again/),
      },
    });
    expect(snapshot(directory)).toEqual(whole);
  });

  test('does not matter to a run that is finished', async () => {
    fs.rmSync(sources[0]!);
    expect(await command('resume', runs.finished)).toMatchObject({ status: 0, err: '' });
  });
});

test('a scenario that comes with metaplast has no copy to go on by', async () => {
  const folder = path.join(home, 'one');
  await command(
    'run',
    'one-synapse',
    '--preset',
    'smoke',
    '--rules',
    'plain',
    '--set',
    'metaSteps=1',
    '--runs',
    folder,
    '--quiet',
  );
  const directory = path.join(folder, fs.readdirSync(folder)[0]!);
  rewriteManifest(directory, () => ({ state: 'stopped' }));
  expect(await refusal('resume', directory, '--scenario', 'stored')).toMatch(
    /comes with metaplast.*Leave out --scenario/,
  );
});

describe('arithmetic that is not what the run began with', () => {
  test.each<[string, (here: Environment) => Partial<Environment>, RegExp]>([
    [
      'another major version of Node',
      () => ({ node: 'v22.1.0' }),
      /Node was "version \d+" and is "version 22"/,
    ],
    ['another platform', () => ({ platform: 'linux arm64' }), /platform was ".*" and is "linux arm64"/],
    [
      'another code of metaplast',
      () => ({ code: 'abc' }),
      /metaplast's code was "[0-9a-f]{40}" and is "abc"/,
    ],
    [
      'another engine',
      ({ engine }) => ({ engine: { ...engine, name: 'simd' } as never }),
      /engine was "reference, float64" and is "simd, float64"/,
    ],
    [
      'another BLAS',
      ({ engine }) => ({ engine: { ...engine, arithmetic: 'matrix products by OpenBLAS 9' } as never }),
      /the engine's arithmetic was "cpu, one thread" and is "matrix products by OpenBLAS 9"/,
    ],
    [
      'another mode of the rules',
      ({ rules }) => ({ rules: { ...rules, mode: 'webgl2' } }),
      /rules was "plain, float64" and is "plain, mode webgl2, float64"/,
    ],
  ])('is refused, naming both: %s', async (_, differs, message) => {
    const directory = stopped();
    elsewhere = differs;
    const err = await refusal('resume', directory);
    expect(err).toMatch(/would be worked out otherwise here than before: /);
    expect(err).toMatch(message);
    expect(err).toContain(`\n  metaplast resume ${directory} --accept-environment\n`);
  });

  test('is gone on with where the user accepts it, and env.json tells from which step on', async () => {
    const directory = stopped();
    elsewhere = () => ({ node: 'v22.1.0' });
    expect(await command('resume', directory, '--accept-environment', '--quiet')).toMatchObject({
      status: 0,
      err: '',
    });
    const { node, fromStep, accepted, history } = JSON.parse(
      fs.readFileSync(path.join(directory, 'env.json'), 'utf8'),
    );
    expect({ node, fromStep, accepted }).toEqual({ node: 'v22.1.0', fromStep: 1, accepted: ['Node'] });
    const { history: none, ...begun } = JSON.parse(whole['env.json']!);
    expect(none).toEqual([]);
    expect(history).toEqual([begun]);
  });

  test('is judged by diagnose with a warning', async () => {
    elsewhere = () => ({ node: 'v22.1.0' });
    const { status, err } = await command('diagnose', runs.finished);
    expect({ status, err }).toEqual({
      ...{
        status: 0,
        err: expect.stringMatching(
          /^warning: Node was "version \d+" in the run, and is "version 22" here\n$/,
        ),
      },
    });
  });

  test('is the same whatever the cores, the processor and the minor version are; env.json tells of them', async () => {
    const directory = stopped();
    elsewhere = ({ node }) => ({ cores: 64, cpu: 'other', node: `${node}.1` });
    expect(await command('resume', directory, '--quiet')).toEqual({ status: 0, out: '', err: '' });
    const { cores, history } = JSON.parse(fs.readFileSync(path.join(directory, 'env.json'), 'utf8'));
    expect([cores, history.length]).toEqual([64, 1]);
    expect(snapshot(directory)['summary.json']).toEqual(whole['summary.json']);
  });
});

describe('settings that were edited since the run began', () => {
  type Json = Record<string, unknown>;
  const edited = (change: (settings: Json) => void): string => {
    const directory = stopped();
    const file = path.join(directory, 'config.json');
    const settings = JSON.parse(fs.readFileSync(file, 'utf8'));
    change(settings);
    fs.writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
    return directory;
  };
  const at = (settings: Json, where: string): [part: Json, key: string] => {
    const keys = where.split('.');
    const key = keys.pop()!;
    return [keys.reduce((part, each) => part[each] as Json, settings), key];
  };

  const others: Record<string, unknown[]> = {
    seed: [2, -1, 1.5, null, '1'],
    scenario: ['boston', 5, null],
    preset: ['smoke', 7],
    engine: ['simd', 'auto', 5, null],
    blas: ['wasm', 5],
    rules: ['gpujs', 'auto', 5],
    checkpointEvery: [2, 'x', 0, null],
    version: ['0.0.9', 5],
    format: [1, directoryFormat + 1, 'x', null],
    file: [null, 5, '/elsewhere.js'],
    config: [null, [], 5],
    'config.metaSteps': [4, 'x', null, -5],
    'config.beta': [0.2, '0.1', 0],
    'config.rate': [0.03, null, [0.02]],
    'sources.entry': ['other.js'],
  };
  const table = Object.entries(others).flatMap(([where, values]) =>
    values.map((value) => [where, JSON.stringify(value), value] as const),
  );

  test(`are refused, naming what was changed from what to what, in each of ${table.length} edits`, async () => {
    for (const [where, text, value] of table) {
      let from: unknown;
      const directory = edited((settings) => {
        const [part, key] = at(settings, where);
        from = part[key];
        part[key] = value;
      });
      const err = await refusal('resume', directory);
      expect(err).toContain('config.json" was changed since the run began: ');
      if (typeof from !== 'object')
        expect(err).toContain(`"${where}" from ${JSON.stringify(from)} to ${text}`);
      expect(err).toMatch(/Put it back, or delete the file: a resume writes it anew/);
    }
  });

  test.each(['seed', 'engine', 'config', 'config.beta', 'sources'])(
    'are refused without "%s"',
    async (where) => {
      const directory = edited((settings) => {
        const [part, key] = at(settings, where);
        delete part[key];
      });
      expect(await refusal('resume', directory)).toMatch(new RegExp(`"${where}.*was taken out`));
    },
  );

  test.each(['metaStep', 'config.bta'])('are refused with "%s" besides', async (where) => {
    const directory = edited((settings) => {
      const [part, key] = at(settings, where);
      part[key] = 1;
    });
    expect(await refusal('resume', directory)).toContain(`"${where}" was added (1)`);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    [
      'that name a key twice',
      (text) => text.replace('"seed": 1', '"seed": 2,\n  "seed": 1'),
      /it names "seed" twice/,
    ],
    [
      'that name a key twice, in a group',
      (text) => text.replace('"beta": 0.1', '"beta": 0.1, "beta": 0.1'),
      /it names "config\.beta" twice/,
    ],
    ['that are no JSON', (text) => text.replace('"seed": 1', '"seed": 1,,'), /it is no JSON: /],
    ['that are a list', () => '[]\n', /it holds no settings/],
    ['that are nothing', () => '', /it is no JSON: /],
  ])('are refused %s', async (_, edit, message) => {
    const directory = stopped();
    const file = path.join(directory, 'config.json');
    fs.writeFileSync(file, edit(fs.readFileSync(file, 'utf8')));
    expect(await refusal('resume', directory)).toMatch(message);
    fs.rmSync(file);
    const { status, err } = await command('resume', directory, '--quiet');
    expect(status).toBe(0);
    expect(err).toMatch(
      /^warning: .*config\.json" cannot be read: ENOENT.*; it is written anew as it was\n$/,
    );
    expect(snapshot(directory)).toEqual(whole);
  });

  test.each<[string, (text: string) => string]>([
    ['with a byte-order mark', (text) => `\uFEFF${text}`],
    ['on one line', (text) => JSON.stringify(JSON.parse(text))],
  ])('are the same in another layout, and are written as they were: %s', async (_, edit) => {
    const directory = stopped();
    const file = path.join(directory, 'config.json');
    fs.writeFileSync(file, edit(fs.readFileSync(file, 'utf8')));
    const { status, err } = await command('resume', directory, '--quiet');
    expect(status).toBe(0);
    expect(err).toMatch(
      /^warning: .*config\.json" holds the run's settings in another layout; it is written anew/,
    );
    expect(snapshot(directory)).toEqual(whole);
  });

  test('are refused too where the manifest was edited with them, or is lost', async () => {
    const directory = edited((settings) => {
      settings.seed = 2;
    });
    const edits = JSON.parse(fs.readFileSync(path.join(directory, 'config.json'), 'utf8'));
    rewriteManifest(directory, () => ({ settings: edits }));
    expect(await refusal('resume', directory)).toMatch(
      /does not hold the settings that the run's checkpoints were written with/,
    );
    fs.rmSync(path.join(directory, 'manifest.json'));
    expect(await refusal('resume', directory)).toMatch(
      /does not hold the settings that the run's checkpoints/,
    );
  });
});

test.each(['0', '-1', '1.5', 'x'])('resume takes no --workers %s', async (workers) => {
  const { status, err } = await command('resume', runs.stopped, '--workers', workers);
  expect(status).toBe(2);
  expect(err).toMatch(/Legal: 1, 2, /);
});

test('a run of an earlier format is refused with a sentence by every command', async () => {
  const directory = stopped();
  fs.rmSync(path.join(directory, 'manifest.json'));
  const config = path.join(directory, 'config.json');
  const { format: _, sources: __, ...before } = JSON.parse(fs.readFileSync(config, 'utf8'));
  fs.writeFileSync(config, JSON.stringify(before));
  for (const verb of ['resume', 'trace', 'plot', 'diagnose'])
    expect(await refusal(verb, directory)).toMatch(
      /was written in another format.*Got 1\. Legal: 4\. Read it with that version/,
    );
  rewriteOther(directory);
  expect(await refusal('trace', directory)).toMatch(/another format.*Got 99\. Legal: 4/);
});

function rewriteOther(directory: string): void {
  fs.writeFileSync(path.join(directory, 'manifest.json'), '{"format": 99}\n');
}
