import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeRun } from '../study/compare/made-runs';
import { repository, startProcess } from './command';

const built = (file: string) => path.join(repository, 'dist/src', file);

/** The packages that a process of its own has loaded by its end, after these lines of code. */
async function packagesLoadedBy(code: string, argv: readonly string[] = []): Promise<string[]> {
  const watched = `
    process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify(Object.keys(require.cache))));
    ${code}`;
  const { status, err } = await startProcess(['-e', watched, '--', ...argv]).ended;
  expect(status).toBe(0);
  const files = JSON.parse(err.slice(err.lastIndexOf('LOADED ') + 'LOADED '.length)) as string[];
  const names = files.map((file) =>
    /^(mathjs|rxjs)-parts\.js$/.test(path.basename(file))
      ? path.basename(file, '-parts.js') // what the build makes of it
      : /node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file)?.[1],
  );
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** The same for a command line, which is run from the build as users run it. */
function packagesOf(...argv: string[]): Promise<string[]> {
  const main = JSON.stringify(built('cli/main.js'));
  return packagesLoadedBy(`process.argv.splice(1, 0, ${main}); require(${main});`, argv);
}

const commandLine = ['commander', 'fastest-levenshtein'];
const scenario = [...commandLine, 'acorn', 'asciichart', 'rxjs', 'seedrandom', 'zod'];
/** linkedom brings most of them; Observable Plot is a file of our own. */
const drawing = [
  ...[
    'boolbase',
    'css-select',
    'css-what',
    'cssom',
    'dom-serializer',
    'domelementtype',
    'domhandler',
    'domutils',
  ],
  ...['entities', 'htmlparser2', 'linkedom', 'nth-check', 'papaparse', 'uhyphen', '@resvg/resvg-js'],
];
/** The part of resvg for this machine. */
const ofThisMachine = /^@resvg\/resvg-js-/;

// Start-up is the loading of files: a package that slips in here costs every user of the command, each time.
describe('the packages that a command loads are no more than', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-start-up-'));
  const rule = path.join(folder, 'rule.js');
  fs.writeFileSync(rule, 'module.exports = function decay(phi) { return phi[this.thread.x] / 2; };');
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const run = ['run', 'one-synapse', '--preset', 'smoke', '--runs', path.join(folder, 'runs'), '--quiet'];

  const compared = path.join(folder, 'compared');
  for (const seed of [1, 2])
    makeRun(path.join(compared, `${seed}`), { seed, summary: { test: { after: seed } } });

  it.each([
    ['for help, the command line', ['--help'], commandLine],
    ['for the version, the command line', ['--version'], commandLine],
    ['for help on the inspector, the command line, and no server', ['inspect', '--help'], commandLine],
    ['to audit a rule, a parser', ['audit', rule], [...commandLine, 'acorn']],
    ['to list the data sets, nothing besides', ['data', 'list'], commandLine],
    ['to list the scenarios, what they name', ['list'], [...scenario, 'ml-matrix']],
    ['to print a schedule, what its scenario names', ['schedule', 'one-synapse'], scenario],
    [
      'to run on plain rules, what its scenario names, eigenvalues for its verdict, and what draws its figures',
      [...run, '--rules', 'plain'],
      [...scenario, 'ml-matrix', ...drawing],
    ],
    ['to run, GPU.js besides', run, [...scenario, 'ml-matrix', ...drawing, 'gpu-mock.js', 'gpu.js']],
    [
      'to compare runs, quantiles, and nothing of what made them',
      ['compare', compared],
      [...commandLine, 'jstat'],
    ],
  ])('%s', async (_what, argv, most) => {
    const packages = await packagesOf(...argv);
    expect(packages).toContain('commander');
    expect(packages.filter((name) => !most.includes(name) && !ofThisMachine.test(name))).toEqual([]);
  });
});

describe('what takes long to load is loaded where it is asked for:', () => {
  const auto = JSON.stringify(built('engine/auto.js'));
  const model = JSON.stringify(built('synapse/model.js'));

  it('GPU.js for the engine gpujs, not to find out that no graphics processor names itself', async () => {
    expect(await packagesLoadedBy(`require(${auto}).chooseEngine('auto');`)).not.toContain('gpu.js');
    expect(await packagesLoadedBy(`require(${auto}).chooseEngine('gpujs');`)).toContain('gpu.js');
  });

  it('mathjs for a synapse of the user’s own, not for the complex synapse', async () => {
    const own = `.defineSynapse({ fast: 'phi', meta: ['omega'], penalty: 'phi * omega' })`;
    expect(await packagesLoadedBy(`require(${model}).complexSynapse.contrast.omega.reads;`)).not.toContain(
      'mathjs',
    );
    expect(await packagesLoadedBy(`require(${model})${own};`)).toContain('mathjs');
  });
});
