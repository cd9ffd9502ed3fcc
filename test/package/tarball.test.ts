import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const repository = path.resolve(__dirname, '../..');
const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'metaplast-package-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

beforeAll(() => {
  // Scripts would build what is built already.
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', home], {
    cwd: repository,
    stdio: 'pipe',
  });
}, 60_000);

let count = 0;

/** A project that has the tarball installed, and its dependencies (not those of development) from here: no network is needed. */
function project(packageJson: object, files: Readonly<Record<string, string>>): string {
  const folder = path.join(home, `project-${count++}`);
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(path.join(modules, 'metaplast'), { recursive: true });
  const [tarball] = fs.readdirSync(home).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', [
    'xzf',
    path.join(home, tarball!),
    '-C',
    path.join(modules, 'metaplast'),
    '--strip-components',
    '1',
  ]);
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    fs.symlinkSync(path.join(repository, 'node_modules', name), path.join(modules, name), 'junction');
  }
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(packageJson), ...files })) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

function inProject(folder: string, argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const metaplast = 'node_modules/metaplast/dist/src/cli/main.js';
const scenario = `
  import { complexSynapse, defineMethod, defineSynapse, fewShotScenario, mlp, sinusoids, type SynapseModel } from 'metaplast';
  const width: number = 4;
  export const stiff: SynapseModel = defineSynapse({ fast: 'w', meta: { rest: {} }, anchor: 'rest', penalty: '(w - rest)^2' });
  export default fewShotScenario({
    name: 'mine', question: 'Does it load?', source: () => sinusoids({ support: 4, query: 4 }),
    network: (_, synapse) => mlp([1, width, 1], { synapse: synapse ?? complexSynapse }),
  });
  export const unused = defineMethod;`;
const small = ['metaSteps=2', 'unseen.tasks=3', 'unseen.steps=[0,2]'].flatMap((one) => ['--set', one]);
const run = (file: string) => [metaplast, 'run', file, '--quiet', '--json', '--rules', 'plain', ...small];

describe('the package, as it is packed,', () => {
  const typescript = require.resolve('typescript/lib/tsc.js');

  test.each([
    [
      'of CommonJS, by the older resolution',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    ],
    ['of Node', { module: 'nodenext', moduleResolution: 'nodenext' }],
  ])(
    'has types for a strict project %s, which checks libraries too and has no types of Node',
    (_, options) => {
      const compilerOptions = {
        ...options,
        strict: true,
        skipLibCheck: false,
        target: 'es2022',
        noEmit: true,
      };
      const folder = project(
        { name: 'strict' },
        {
          'a.ts': `${scenario}\nimport 'metaplast/jest';\n`,
          'tsconfig.json': JSON.stringify({ compilerOptions, files: ['a.ts'] }),
        },
      );
      expect(inProject(folder, [typescript, '-p', '.'])).toEqual({ status: 0, out: '', err: '' });
    },
  );

  test('is required by CommonJS and imported by modules', () => {
    const code = `const { mlp, complexSynapse } = require('metaplast'); console.log(mlp([1, 2, 1], { synapse: complexSynapse }).size);`;
    const modern = code
      .replace('const {', 'import {')
      .replace(`} = require('metaplast')`, `} from 'metaplast'`);
    const folder = project({ name: 'both' }, { 'a.cjs': code, 'b.mjs': modern });
    for (const file of ['a.cjs', 'b.mjs'])
      expect(inProject(folder, [file])).toEqual({ status: 0, out: '7\n', err: '' });
  });

  test.each([
    ['CommonJS', {}, ['mine.mts']],
    ['modules', { type: 'module' }, ['mine.ts', 'mine.mts', 'mine.cts']],
  ])('runs scenario files in a project of %s, which import it by its name', (_, kind, files) => {
    const folder = project(
      { name: 'scenarios', ...kind },
      Object.fromEntries(files.map((file) => [file, scenario])),
    );
    const curves = files.map((file) => {
      const { status, out, err } = inProject(folder, run(`./${file}`));
      expect({ file, status, err }).toEqual({ file, status: 0, err: '' });
      return JSON.parse(out).methods.contrastive.curve;
    });
    for (const curve of curves) expect(curve).toEqual(curves[0]);
  });

  test('gives matchers to the tests of a project', () => {
    const test = `
      require('metaplast/jest');
      const { defineRule } = require('metaplast');
      const decay = defineRule('decay', { value: function (value, rate) { return value[this.thread.x] * (1 - rate); } });
      test('is local, and the same everywhere', async () => { expect(decay).toBeLocal(); await expect(decay).toAgreeOnAllEngines(); });
      test('is not local', () => expect('function f(phi) { return phi[this.thread.x - 1]; }').not.toBeLocal());`;
    const folder = project(
      { name: 'tested', jest: { testEnvironment: 'node', watchman: false } },
      { 'decay.test.js': test },
    );
    const { status, err } = inProject(folder, [require.resolve('jest/bin/jest'), '--rootDir', folder]);
    expect({ status, err }).toEqual({ status: 0, err: expect.stringContaining('2 passed') });
  });
});
