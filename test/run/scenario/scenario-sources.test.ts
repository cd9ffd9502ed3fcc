import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {
  changedSources,
  importsOf,
  scenarioSources,
  withImports,
} from '../../../src/run/scenario/scenario-sources';
import { repository } from '../../cli/command';

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-sources-'));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

/** Writes files below the folder, and gives the path of the first. */
function write(files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    fs.writeFileSync(path.join(home, file), text);
  }
  return path.join(home, Object.keys(files)[0]!);
}
const collected = (files: Record<string, string>) => Object.keys(scenarioSources(write(files)).sources.files);

describe('the sources of a scenario', () => {
  test('are its file and all local ones that it imports, however they are written, and those that they import', () => {
    const files = {
      'a.ts': `import { b } from './b'; import './side.js'; export * from "./more/";
        import {
          many,
        } from './many.mjs';
        const later = () => import('./later'); const r = require( './r.cjs' ); import t = require('./t');
        import type { Shape } from './shape'; const q = require.resolve(\`./quoted\`);`,
      'b.ts': "import json from './data.json'; import './a';",
      'data.json': '{}',
      'side.js': '',
      'more/index.ts': "import '../b'; import './deep/er';",
      'more/deep/er.js': '',
      'many.mjs': '',
      'later.ts': '',
      'r.cjs': '',
      't.ts': '',
      'shape.ts': '',
      'quoted.js': '',
    };
    expect(collected(files)).toEqual(Object.keys(files).sort());
  });

  test('are told from the folder that holds all of them', () => {
    const entry = write({ 'own/tasks/a.ts': "import '../../shared/b';", 'shared/b.ts': '' });
    const { root, entry: own, files } = scenarioSources(entry).sources;
    expect([root, own, Object.keys(files)]).toEqual([
      home,
      'own/tasks/a.ts',
      ['own/tasks/a.ts', 'shared/b.ts'],
    ]);
  });

  test('are neither packages nor metaplast itself, but what lies beside its sources', () => {
    const beside = path.join(repository, 'models/quadratic.ts');
    const text = `
      import { z } from 'zod'; import { mlp } from '${repository}/src'; import fs from 'node:fs'; import './none';
      import { simulate } from "${repository}/dist/src/index.js"; import { quadratic } from '${beside}';`;
    const { sources } = scenarioSources(write({ 'a.ts': text }));
    const names = Object.keys(sources.files).map((file) => path.join(sources.root!, file));
    expect(names).toEqual(expect.arrayContaining([path.join(home, 'a.ts'), beside]));
    expect(names.filter((file) => /node_modules|\/src\//.test(path.relative(repository, file)))).toEqual([]);
    const [own] = Object.entries(sources.metaplast).filter(([file]) => file.endsWith('a.ts'));
    expect(own?.[1]).toEqual({
      [`${repository}/src`]: 'src/index.ts',
      [`${repository}/dist/src/index.js`]: 'dist/src/index.js',
    });
  });

  test('are told to have changed, by each that has', () => {
    const entry = write({ 'a.js': "require('./b'); require('./c.json')", 'b.js': '1', 'c.json': '{}' });
    const { sources } = scenarioSources(entry);
    expect(changedSources(sources, home)).toEqual([]);
    fs.writeFileSync(path.join(home, 'b.js'), '2');
    fs.rmSync(path.join(home, 'c.json'));
    expect(changedSources(sources, home)).toEqual([
      { file: path.join(home, 'b.js'), how: 'was changed' },
      { file: path.join(home, 'c.json'), how: 'is missing' },
    ]);
  });

  test('that import each other in a circle are each taken once', () => {
    expect(collected({ 'a.js': "require('./b')", 'b.js': "require('./a'); require('./b')" })).toEqual([
      'a.js',
      'b.js',
    ]);
  });

  test('know which of their folders hold ES modules', () => {
    const entry = write({
      'm/a.ts': "import './deep/b'; import '../c/c';",
      'm/deep/b.ts': '',
      'm/package.json': '{"type":"module"}',
      'c/c.ts': '',
      'c/package.json': '{"type":"commonjs"}',
    });
    expect(scenarioSources(entry).sources.moduleFolders).toEqual(['m', 'm/deep']);
  });
});

describe('imports written otherwise', () => {
  const forms = [
    (name: string) => `import x from '${name}';`,
    (name: string) => `import { a,\n b } from "${name}"`,
    (name: string) => `require('${name}')`,
    (name: string) => `await import(/* why */ "${name}")`,
    (name: string) => `export * from '${name}';`,
    (name: string) => `import '${name}';`,
  ];
  const name = fc.stringMatching(/^[a-z./@-]{1,12}$/);

  test('are found as they are written, and what is around them stays', () => {
    const statement = fc.record({ form: fc.nat(forms.length - 1), name });
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        const text = (rename: (name: string) => string) =>
          statements.map(({ form, name }) => forms[form]!(rename(name))).join('\nconst from = 1;\n');
        const before = text((each) => each);
        expect(importsOf(before)).toEqual([...new Set(statements.map((each) => each.name))]);
        expect(withImports(before, (each) => each)).toBe(before);
        expect(importsOf(withImports(before, (each) => `/new/${each}`))).toEqual(
          [...new Set(statements.map((each) => each.name))].map((each) => `/new/${each}`),
        );
      }),
    );
  });
});
