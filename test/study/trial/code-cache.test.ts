import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository, startProcess } from '../../cli/command';

const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-code-cache-')));
afterAll(() => fs.rmSync(home, { recursive: true }));
const built = (name: string) =>
  JSON.stringify(path.join(repository, `dist/src/study/trial/code-cache/${name}.js`));
const cache = path.join(home, 'cache');

const files: Record<string, string> = {
  'main.js': `
    const seen = require('parts');
    process.stdout.write(JSON.stringify(seen));
    import('parts/late.mjs').then(({ late }) => process.stdout.write(' late ' + late));`,
  'node_modules/parts/package.json': '{ "name": "parts", "main": "index.js" }',
  'node_modules/parts/index.js': `#!/usr/bin/env node
    'use strict';
    exports.early = 'α, 𝛽, "\\u2028"';
    const { circle, sees } = require('./circle');
    class Own { #hidden = 3; get() { return this.#hidden; } }
    const isStrict = (function () { return this === undefined; })();
    const stack = () => { try { null.x; } catch (error) { return error.stack.split('\\n')[1]; } };
    exports.seen = {
      early: exports.early, circle, sees, isStrict, stack: stack(), own: new Own().get(), text: stack.toString(),
      file: __filename, folder: __dirname, id: module.id, parent: module.parent.filename, paths: module.paths,
      isMain: require.main === module, main: require.main.filename, this: this === module.exports,
      resolved: require.resolve('./folder'), children: module.children.map(({ filename }) => filename), loaded: module.loaded,
      data: require('./data.json'), folder: require('./folder'), common: require('./common.cjs'),
      inner: require('./folder/inner'), again: require('./folder') === require('./folder/index.js'), builtIn: typeof require('fs').statSync + typeof require('node:os').cpus,
      cached: Object.keys(require.cache).length, wrong: wrong(), missing: code(() => require('./missing')), nothing: require('./nothing'),
    };
    function code(act) { try { act(); } catch (error) { return error.code ?? error.message; } }
    function wrong() { return [code(() => require('./throws')), code(() => require('./throws')), Object.keys(require.cache).some((key) => key.endsWith('throws.js'))]; }
    module.exports = exports.seen;`,
  'node_modules/parts/circle.js': `
    const index = require('.');
    exports.circle = 'circle'; exports.sees = Object.keys(index);`,
  'node_modules/parts/folder/index.js': `exports.inner = require('./inner'); exports.sibling = require('../data.json').value;`,
  'node_modules/parts/folder/inner.js': `let times = 0; exports.times = ++times;`,
  'node_modules/parts/common.cjs': `exports.common = require('./folder/inner').times;`,
  'node_modules/parts/nothing.js': 'module.exports = null;',
  'node_modules/parts/throws.js': `throw new Error('thrown');`,
  'node_modules/parts/data.json': '{ "value": 5 }',
  'node_modules/parts/late.mjs': `import seen from './index.js'; export const late = seen.early;`,
};

const main = path.join(home, 'main.js');
for (const [name, text] of Object.entries(files)) {
  fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
  fs.writeFileSync(path.join(home, name), text);
}

async function outputOf(prepare: string): Promise<string> {
  const file = path.join(home, 'prepare.js');
  fs.writeFileSync(file, prepare);
  const { status, out, err } = await startProcess(['-r', file, main]).ended;
  expect(err).toBe('');
  expect(status).toBe(0);
  return out;
}

const recording = `
  const recorded = require(${built('record-modules')}).recordModules();
  process.on('exit', () => {
    const file = require('node:fs').openSync(${JSON.stringify(cache)}, 'w');
    require(${built('cached-modules')}).writeModules(file, recorded());
  });`;
const replaying = (change = '') => `
  const modules = require(${built('cached-modules')}).readModules(require('node:fs').openSync(${JSON.stringify(cache)}, 'r'));
  ${change}
  require(${built('replay-modules')}).replayModules(modules);`;

/** The preparation's own modules are in the cache of modules too. */
const without = (text: string) => text.replace(/"cached":\d+/, '');

describe('modules whose code was recorded', () => {
  test('are what they are without: names, paths, circles, errors with their lines, one instance for all', async () => {
    const plain = await outputOf('');
    expect(plain).toContain('"circle":"circle","sees":["early"]');
    expect(plain).toMatch(/"stack":" {4}at stack \(.*parts\/index\.js:7:\d+\)"/);
    expect(plain).toContain('"wrong":["thrown","thrown",false],"missing":"MODULE_NOT_FOUND","nothing":null');
    expect(plain).toMatch(/ late α, 𝛽/);
    expect(without(await outputOf(recording))).toBe(without(plain));
    expect(without(await outputOf(replaying()))).toBe(without(plain));
  });

  test('come from the record, also where V8 refuses what it had compiled', async () => {
    const changed = `
      const inner = modules.find(({ file }) => file.endsWith('inner.js'));
      modules[modules.indexOf(inner)] = { ...inner, source: Buffer.from(inner.source.toString().replace('++times', '77')) };`;
    expect(await outputOf(replaying(changed))).toContain('"inner":{"times":77}');
  });

  test('are loaded anew where their file was written since', async () => {
    fs.writeFileSync(path.join(home, 'node_modules/parts/folder/inner.js'), 'exports.times = 9;');
    expect(await outputOf(replaying())).toContain('"inner":{"times":9}');
  });

  test('are none of a user’s own', async () => {
    await outputOf(recording);
    const names = `process.stdout.write(modules.map(({ file }) => require('node:path').relative(${JSON.stringify(home)}, file)).join());`;
    expect((await outputOf(replaying(names))).split('{')[0]).not.toContain('main.js');
  });
});
