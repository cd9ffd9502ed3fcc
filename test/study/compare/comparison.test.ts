import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { type CompareOptions, compareRuns } from '../../../src/study/compare/comparison';
import { comparisonCsv } from '../../../src/study/compare/comparison-csv';
import { comparisonJson } from '../../../src/study/compare/comparison-json';
import { comparisonText } from '../../../src/study/compare/report';
import { emptyFolder, makeRun } from './made-runs';

const folder = emptyFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));

const test = (after: number | null) => ({ test: { after } });

/** Runs in a folder of their own. */
function runsIn(name: string, runs: readonly Parameters<typeof makeRun>[1][]): string[] {
  return runs.map((run, i) => makeRun(path.join(folder, name, `run-${i}`), run));
}

const compared = (paths: readonly string[], options: Partial<CompareOptions> = {}) =>
  compareRuns({ paths, ...options });

/** Of each row: its settings, method, seeds and the means of what is shown. */
function rowsOf(paths: readonly string[], options: Partial<CompareOptions> = {}) {
  return compared(paths, options).scenarios.flatMap(({ groups, metrics }) =>
    groups.map((group) => ({
      settings: Object.fromEntries(group.settings),
      method: group.method,
      seeds: group.seeds,
      means: metrics.map((metric) => group.interval(metric)?.mean ?? null),
    })),
  );
}

describe('runs that are alike but for their seed', () => {
  const sweep = runsIn(
    'sweep',
    [0.1, 0.3].flatMap((beta) =>
      [1, 2, 3].map((seed) => ({ seed, config: { beta, kept: 1 }, summary: test(beta + seed / 16) })),
    ),
  );

  it('are one row: mean and Student’s interval over seeds', () => {
    const { groups, differing, same } = compared(sweep).scenarios[0]!;
    expect(differing).toEqual(['beta']);
    expect([...same.keys()]).toEqual(['kept']);
    expect(groups.map(({ seeds }) => seeds)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const { mean, halfWidth } = groups[0]!.interval('test.after')!;
    expect(mean).toBeCloseTo(0.1 + 2 / 16, 12);
    // The deviation of 1/16, 2/16, 3/16 is 1/16; t of two degrees of freedom has a closed form.
    expect(halfWidth).toBeCloseTo((0.95 * Math.sqrt(2 / 0.0975) * (1 / 16)) / Math.sqrt(3), 8);
  });

  it('give the same document in whatever order they are named, and however often', () => {
    const link = path.join(folder, 'link');
    fs.symlinkSync(sweep[0]!, link);
    const whole = path.join(folder, 'sweep');
    const expected = comparisonJson(compared([whole]));
    const names = fc.shuffledSubarray([...sweep, ...sweep.map((name) => `${name}/`), whole], {
      minLength: 1,
    });
    fc.assert(
      fc.property(names, (paths) => {
        expect(rowsOf([...paths, whole])).toEqual(rowsOf([whole]));
      }),
    );
    expect(comparisonJson(compared([...sweep].reverse()))).toEqual(expected);
    expect(rowsOf([whole, link])).toEqual(rowsOf([whole]));
  });

  it('are written as CSV from which the numbers are read again, to the last bit', () => {
    const { parse } = jest.requireActual<typeof import('papaparse')>('papaparse');
    const comparison = compared(sweep);
    const { data, errors } = parse<Record<string, string>>(comparisonCsv(comparison), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    const [one] = comparison.scenarios;
    data.forEach((row, i) => {
      const group = one!.groups[i]!;
      const { mean, halfWidth, seeds } = group.interval('test.after')!;
      expect(Number(row.beta)).toBe(group.settings.get('beta'));
      expect(Number(row['test.after'])).toBe(mean);
      expect(Number(row['test.after halfWidth'])).toBe(halfWidth);
      expect(Number(row['test.after seeds'])).toBe(seeds);
    });
  });

  it('are kept by conditions, and merged by --group-by, in which a seed still counts once', () => {
    expect(rowsOf(sweep, { where: ['beta=0.3'] })).toMatchObject([{ settings: {}, seeds: [1, 2, 3] }]);
    expect(rowsOf(sweep, { where: ['beta!=0.3', 'seed!=2'] })).toMatchObject([{ seeds: [1, 3] }]);
    const [merged] = compared(sweep, { groupBy: [] }).scenarios;
    expect(merged!.mergedOver).toEqual(['beta']);
    expect(merged!.groups).toHaveLength(1);
    const interval = merged!.groups[0]!.interval('test.after')!;
    expect(interval.seeds).toBe(3);
    expect(interval.mean).toBeCloseTo(0.2 + 2 / 16, 12);
    expect(rowsOf(sweep, { groupBy: ['beta', 'seed'] })).toHaveLength(6);
  });

  it('are refused where a name or value is unknown, with what there is', () => {
    expect(() => compared(sweep, { where: ['bta=0.3'] })).toThrow(/no run has such a setting.*beta/is);
    expect(() => compared(sweep, { where: ['beta=0.2'] })).toThrow(/Legal: 0\.1, 0\.3/);
    expect(() => compared(sweep, { groupBy: ['lambda'] })).toThrow(/No run has such a setting/);
    expect(() => compared(sweep, { metrics: ['tset.after'] })).toThrow(/test\.after/);
    expect(() => compared([path.join(folder, 'nothing')])).toThrow(/does not exist/);
  });
});

describe('runs without numbers', () => {
  it('are named and counted, and left out of the mean', () => {
    const runs = runsIn('broken', [
      { seed: 1, config: { beta: 1 }, summary: test(1) },
      { seed: 2, config: { beta: 1 }, summary: test(3) },
      { seed: 3, config: { beta: 1 }, summary: { ...test(100), failure: 'All tasks diverged.' } },
      { seed: 4, config: { beta: 1 }, summary: null, state: 'stopped' },
      { seed: 5, config: { beta: 1 }, summary: test(100) },
      { seed: 1, config: { beta: 9 }, summary: null, state: 'running' },
    ]);
    fs.appendFileSync(path.join(runs[4]!, 'summary.json'), ' ');
    const comparison = compared(runs);
    expect(comparison.leftOut.map(({ state }) => state)).toEqual([
      'failed',
      'unfinished',
      'damaged',
      'unfinished',
    ]);
    for (const i of [2, 3, 4, 5]) expect(comparison.warnings.join('\n')).toContain(runs[i]);
    const [one] = comparison.scenarios;
    expect(one!.groups.map(({ seeds, leftOut }) => [seeds, leftOut])).toEqual([
      [[1, 2], 3],
      [[], 1],
    ]);
    expect(one!.groups[0]!.interval('test.after')!.mean).toBe(2);
    expect(comparisonText(comparison)).toMatch(/2 \(\+3 without\).*\n.*0 \(\+1 without\)/);
  });

  it('are an error where there are no others', () => {
    const runs = runsIn('hopeless', [{ summary: null, state: 'stopped' }]);
    expect(() => compared(runs)).toThrow(/None of the runs has numbers.*unfinished.*resume/s);
  });

  it('do not hide that a seed has no number where another has one', () => {
    const runs = runsIn(
      'diverged',
      [1, 2, 3].map((seed) => ({ seed, config: {}, summary: test(seed === 2 ? null : seed) })),
    );
    const [one] = compared(runs).scenarios;
    expect(one!.groups[0]!.interval('test.after')).toMatchObject({ seeds: 2, mean: 2 });
    expect(comparisonText(compared(runs))).toContain('(2 of 3)');
  });

  it('of an older format are read all the same, and that is said', () => {
    const [run] = runsIn('older', [
      { config: { beta: 1 }, summary: test(0.5), stored: { format: undefined } },
    ]);
    fs.rmSync(path.join(run!, 'manifest.json'));
    const comparison = compared([run!]);
    expect(comparison.scenarios[0]!.groups[0]!.interval('test.after')!.mean).toBe(0.5);
    expect(comparison.warnings.join()).toMatch(/format 1/);
  });
});

describe('a seed that was run twice', () => {
  it('counts once, with a warning', () => {
    const runs = runsIn(
      'twice',
      [1, 1, 2].map((seed) => ({ seed, config: {}, summary: test(seed) })),
    );
    const comparison = compared(runs);
    expect(comparison.scenarios[0]!.groups[0]!.interval('test.after')).toMatchObject({ seeds: 2, mean: 1.5 });
    expect(comparison.warnings.join()).toMatch(/1 runs? repeat.*counts once/);
  });

  it('to another number is warned of as such', () => {
    const runs = runsIn(
      'otherwise',
      [2, 4].map((after) => ({ seed: 1, config: {}, summary: test(after) })),
    );
    const comparison = compared(runs);
    expect(comparison.scenarios[0]!.groups[0]!.interval('test.after')).toEqual({
      seeds: 1,
      mean: 3,
      halfWidth: null,
    });
    expect(comparison.warnings.join()).toMatch(/same settings and seed have other numbers/);
  });
});

describe('methods', () => {
  const method = (loss: number) => ({ loss: { final: loss }, failure: null });
  const runs = runsIn('methods', [
    {
      scenario: 'mine',
      seed: 1,
      config: { method: 'maml,own' },
      summary: { methods: { maml: method(1), own: method(2) } },
    },
    { scenario: 'mine', seed: 2, config: { method: 'maml' }, summary: { methods: { maml: method(3) } } },
    {
      scenario: 'mine',
      seed: 3,
      config: { method: 'all' },
      summary: { methods: { maml: method(5), own: { ...method(100), failure: 'it diverged' } } },
    },
  ]);

  it('are rows, whichever others ran beside them; one that failed is left out', () => {
    expect(rowsOf(runs)).toEqual([
      { settings: {}, method: 'maml', seeds: [1, 2, 3], means: [3] },
      { settings: {}, method: 'own', seeds: [1], means: [2] },
    ]);
    expect(compared(runs).warnings.join()).toMatch(/left out method own .* it diverged/);
  });

  it('are chosen by a condition', () => {
    expect(rowsOf(runs, { where: ['method=own'] })).toMatchObject([{ method: 'own' }]);
    expect(() => rowsOf(runs, { where: ['method=reptile'] })).toThrow(/maml, own/);
  });
});

describe('runs made by different code', () => {
  const sources = (sum: string) => ({
    root: null,
    entry: 'boston',
    files: { 'scenarios/boston.ts': sum },
    metaplast: {},
    moduleFolders: [],
  });
  const made = (name: string, ...stored: readonly object[]) =>
    runsIn(
      name,
      stored.map((more, i) => ({ seed: i, config: { beta: 1 }, summary: test(i), stored: more })),
    );
  const warnings = (paths: readonly string[]) => compared(paths).warnings;

  it('are warned of where they share a row: another scenario file, another version of metaplast', () => {
    const files = made('other-file', { sources: sources('a') }, { sources: sources('b') });
    expect(warnings(files)).toEqual(['boston: 1 of 1 rows hold runs made by different code']);
    const versions = made(
      'other-version',
      { sources: sources('a') },
      { sources: sources('a'), version: '0.2.0' },
    );
    expect(warnings(versions)).toEqual([
      'boston: 1 of 1 rows hold runs made by different code (metaplast 0.1.0, 0.2.0)',
    ]);
  });

  it('are no matter where each row has one of them, and where all are of one', () => {
    const rows = [0, 1].map((i) => ({
      config: { beta: i },
      summary: test(i),
      stored: { version: `0.${i}.0` },
    }));
    expect(warnings(runsIn('version-a-row', rows))).toEqual([]);
    expect(warnings(made('one-code', { sources: sources('a') }, { sources: sources('a') }))).toEqual([]);
  });
});

describe('runs of several scenarios', () => {
  const paths = runsIn('scenarios', [
    { scenario: 'boston', config: { beta: 1 }, summary: test(1) },
    { scenario: 'mini', config: { scale: 1 }, summary: { sum: 2 } },
    { scenario: 'mini', config: { scale: 2 }, summary: { sum: 3 }, state: 'stopped' },
  ]);

  it('are kept by --where scenario=, those that are left out too', () => {
    const scenariosOf = (...where: readonly string[]) => {
      const { scenarios, leftOut } = compared(paths, { where });
      return [scenarios.map(({ scenario, runs }) => `${scenario} ${runs.length}`).join(), leftOut.length];
    };
    expect(scenariosOf('scenario=mini')).toEqual(['mini 1', 1]);
    expect(scenariosOf('scenario!=mini')).toEqual(['boston 1', 0]);
    expect(scenariosOf()).toEqual(['boston 1,mini 1', 1]);
    expect(() => scenariosOf('scenario=minni')).toThrow(
      /No run is of this scenario.*minni.*Legal: boston, mini/,
    );
  });
});

describe('a damaged run directory', () => {
  const damaged = (name: string, damage: (directory: string) => void) => {
    const [whole, broken] = runsIn(
      name,
      [1, 2].map((seed) => ({ seed, config: { beta: 1 }, summary: test(seed) })),
    );
    damage(broken!);
    const { scenarios, leftOut, warnings } = compared([whole!, broken!]);
    expect(scenarios.map(({ runs }) => runs.map(({ directory }) => directory))).toEqual([[whole]]);
    expect(leftOut.map(({ directory }) => directory)).toEqual([broken]);
    const [warning] = warnings;
    return warning!.replace(path.join(folder, name), '');
  };
  const file = (name: string) => (directory: string) => path.join(directory, name);

  it('is named with what is wrong, and left out: a file that was changed, cut, or is gone', () => {
    const of = (change: (name: string) => void, name: string) => (directory: string) =>
      change(file(name)(directory));
    const append = (name: string) => fs.appendFileSync(name, ' ');
    const cut = (name: string) => fs.truncateSync(name, 3);
    const take = (name: string) => fs.rmSync(name);
    expect(damaged('changed-summary', of(append, 'summary.json'))).toMatch(
      /left out "\/run-1", damaged: .*summary\.json/,
    );
    expect(damaged('changed-config', of(append, 'config.json'))).toMatch(/damaged: .*config\.json/);
    expect(damaged('no-summary', of(take, 'summary.json'))).toMatch(/damaged: .*summary\.json/);
    expect(damaged('no-config', of(take, 'config.json'))).toMatch(/damaged: .*config\.json/);
    expect(damaged('cut-manifest', of(cut, 'manifest.json'))).toMatch(/damaged: .*manifest\.json/);
    expect(damaged('no-manifest', of(take, 'manifest.json'))).toMatch(/damaged: .*manifest\.json/);
    expect(
      damaged('folder-for-summary', (directory) => {
        fs.rmSync(file('summary.json')(directory));
        fs.mkdirSync(file('summary.json')(directory));
      }),
    ).toMatch(/damaged: .*summary\.json/);
  });
});

describe('a study', () => {
  it('whose plan cannot be read stands for the trials that are there', () => {
    const study = path.join(folder, 'unreadable');
    makeRun(path.join(study, 'trials/0001'), { config: { beta: 1 }, summary: test(1) });
    for (const text of ['', '{"trials": [{}, {', 'null', '[]', '\u0000']) {
      fs.writeFileSync(path.join(study, 'study.json'), text);
      expect(compared([study])).toMatchObject({ scenarios: [{ runs: [{}] }], warnings: [] });
    }
  });

  it('of which no trial has ended is an error that says what each is', () => {
    const study = path.join(folder, 'none-ended');
    for (const state of ['running', 'stopped'] as const)
      makeRun(path.join(study, 'trials', state), { config: { beta: 1 }, summary: null, state });
    fs.writeFileSync(path.join(study, 'study.json'), JSON.stringify({ format: 1, trials: [{}, {}] }));
    expect(() => compared([study])).toThrow(
      /None of the runs has numbers to compare: .*running" is unfinished: it is running, or was killed; .*stopped" is unfinished/,
    );
  });

  it('stands for the runs in its trials, and says how many have not begun', () => {
    const study = path.join(folder, 'study');
    makeRun(path.join(study, 'trials/0001'), { config: { beta: 1 }, summary: test(1) });
    fs.mkdirSync(path.join(study, 'trials/0002'));
    fs.writeFileSync(path.join(study, 'study.json'), JSON.stringify({ format: 1, trials: [{}, {}, {}] }));
    const comparison = compared([study]);
    expect(comparison.scenarios[0]!.runs).toHaveLength(1);
    expect(comparison.warnings.join()).toMatch(/plans 3 trials, of which 2 have not begun/);
  });

  it('without any run is an error that says so', () => {
    const study = path.join(folder, 'planned');
    fs.mkdirSync(study);
    fs.writeFileSync(path.join(study, 'study.json'), '{"format": 1, "trials": []}');
    expect(() => compared([study])).toThrow(/None of its trials has begun/);
  });
});

describe('the table', () => {
  it('marks the best mean of a column where it is known which way is better, and aligns', () => {
    const runs = runsIn(
      'table',
      ['', 'off', null].flatMap((decay, i) =>
        [1, 2].map((seed) => ({ seed, config: { decay }, summary: test(i + seed / 10) })),
      ),
    );
    const lines = comparisonText(compared(runs)).split('\n');
    const rows = lines.filter((line) => line.includes('±') && !line.startsWith('±'));
    expect(rows.map((line) => line.split(/ +/)[0])).toEqual(['null', '""', 'off']);
    expect(rows.filter((line) => line.includes('*'))).toEqual([expect.stringMatching(/^""/)]);
    expect(new Set(rows.map((line) => line.indexOf('±'))).size).toBe(1);
  });

  it('reads three small files of a run and no others', () => {
    const runs = runsIn(
      'opened',
      [1, 2].map((seed) => ({ seed, config: {}, summary: test(seed), records: [{ metaStep: 0 }] })),
    );
    const opened = jest.spyOn(fs, 'openSync');
    const read = jest.spyOn(fs, 'readFileSync');
    try {
      compared(runs);
      const names = [...opened.mock.calls, ...read.mock.calls].map(([file]) => path.basename(String(file)));
      expect(names.sort()).toEqual(
        ['config.json', 'manifest.json', 'summary.json'].flatMap((name) => [name, name]),
      );
    } finally {
      opened.mockRestore();
      read.mockRestore();
    }
  });
});
