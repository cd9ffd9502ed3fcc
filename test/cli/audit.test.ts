import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, start } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-audit-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const local = 'function rule(phi, rate) { return phi[this.thread.x] * rate; }';
const foreign = `function rule(phi, omega) {
  const own = phi[this.thread.x];
  return own - omega[0];
}`;

let written = 0;
function file(text: string, extension = 'js'): string {
  const name = path.join(home, `rule-${written++}.${extension}`);
  fs.writeFileSync(name, text);
  return name;
}

describe('audit', () => {
  test.each([
    ['module.exports', `module.exports = ${local};`],
    ['a default export', `export default ${local}`],
  ])('exits 0 for a local rule in %s', async (_, text) => {
    const { status, out, err } = await command('audit', file(text), '--json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const audit = { local: true, verdict: 'local', quantities: ['phi'], scalars: ['rate'], violations: [] };
    expect(JSON.parse(out)).toEqual({ ...audit, kernels: [{ rule: null, writes: null, ...audit }] });
  });

  test('exits 1 for a rule that is not local, naming expression, line and reason', async () => {
    const name = file(`module.exports = ${foreign};`);
    const { status, out, err } = await command('audit', name, '--json');
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      local: false,
      verdict: 'not local',
      violations: [{ expression: 'omega[0]', line: 3, why: expect.stringMatching(/\w/), breaks: 'locality' }],
    });
  });

  test('tells people the same, as file:line', async () => {
    const good = file(`module.exports = ${local};`);
    expect(await command('audit', good)).toEqual({
      status: 0,
      out: `${good}: local\n  its own quantities: phi\n  one number for all synapses: rate\n`,
      err: '',
    });
    const bad = file(`module.exports = ${foreign};`);
    const { out } = await command('audit', bad);
    expect(out).toContain(`\n${bad}:3: \`omega[0]\` `);
  });

  test('says of a rule that is local, but outside the dialect, that it is both, and what to write', async () => {
    const name = file('module.exports = function (phi) {\n  var x = phi[this.thread.x];\n  return x;\n};');
    const { status, out } = await command('audit', name);
    expect(status).toBe(1);
    expect(out).toContain(`${name}: local, but outside the dialect\n`);
    expect(out).toContain(
      `${name}:2: \`var x = phi[this.thread.x];\` is declared with var: use const or let`,
    );
  });

  const rules = `import { defineRule as rule } from 'metaplast';
interface Given {
  rate: number;
}
type Numbers = number[];

const grow = (phi: Numbers, rate: number): number => phi[this.thread.x]! * rate;

export const decay = rule('decay', {
  phi: grow,
  omega: function (this: unknown, omega: Numbers): number {
    return (omega[0] as number) + Math.sin(omega[this.thread.x]!);
  },
  trace: 'function (trace) { return trace[this.thread.x] / 2; }',
});
`;

  test('reads every kernel of every rule in a TypeScript file, with the lines of that file', async () => {
    const name = file(rules, 'ts');
    const { status, out } = await command('audit', name, '--json');
    expect(status).toBe(1);
    const { kernels, violations } = JSON.parse(out);
    expect(kernels).toMatchObject([
      { rule: 'decay', writes: 'phi', verdict: 'local', quantities: ['phi'], scalars: ['rate'] },
      { rule: 'decay', writes: 'omega', verdict: 'not local', quantities: ['omega'], scalars: [] },
      { rule: 'decay', writes: 'trace', verdict: 'local', quantities: ['trace'] },
    ]);
    expect(violations).toMatchObject([
      { line: 12, expression: 'omega[0]', breaks: 'locality' },
      { line: 12, expression: expect.stringContaining('Math.sin'), breaks: 'dialect' },
    ]);
    const told = (await command('audit', name)).out;
    expect(told).toContain(
      '\n  decay, writes phi: local\n    its own quantities: phi\n    one number for all synapses: rate\n',
    );
  });

  test.each([
    ['computed kernels', 'defineRule("a", makeKernels());', 'makeKernels()'],
    ['a kernel of another file', 'const { k } = require("./k"); defineRule("a", { phi: k });', 'k'],
    ['kernels that are changed later', 'const k = {}; k.phi = 1; defineRule("a", k);', 'k'],
    ['kernels that are spread', 'defineRule("a", { ...others });', '...others'],
    [
      'one of two of a name',
      'const k = function (a) { return a[this.thread.x]; }; function f() { const k = (a) => a[0]; return defineRule("r", { value: k }); }',
      'k',
    ],
    [
      'a kernel that a call gives',
      'const k = (a) => a[this.thread.x]; const f = (k) => defineRule("r", { value: k });',
      'k',
    ],
    [
      'defineRule by another name',
      'const make = defineRule; make("r", { a: (a) => a[0] }); defineRule("s", { a: (a) => a[this.thread.x] });',
      'handed on',
    ],
    [
      'defineRule by call',
      'm.defineRule.call(null, "r", { a: (a) => a[0] }); defineRule("s", { a: (a) => a[this.thread.x] });',
      'handed on',
    ],
    ['a rule without kernels', 'defineRule("r", {});', 'writes nothing'],
    ['a getter', 'defineRule("r", { get value() { return k; } });', 'get value()'],
    ['a method', 'defineRule("a", { phi(phi) { return phi[this.thread.x]; } });', 'is a method. Got "phi"'],
  ])('exits 2 for %s, which the text does not tell', async (_, text, named) => {
    const { status, err } = await command('audit', file(text));
    expect(status).toBe(2);
    expect(err).toContain(named);
  });

  test.each([
    ['as compilers write it', '(0, m.defineRule)("r", { a: KERNEL });'],
    [
      'in a function, by a const beside it',
      'function f() { const k = KERNEL; return m["defineRule"]("r", { a: k }); }',
    ],
    ['by a text import', 'import { "defineRule" as d } from "metaplast"; d("r", { a: KERNEL });'],
    [
      'behind a decorator of TypeScript',
      'function dec(c: unknown) { return c as never; } @dec class K {} m.defineRule("r", { a: KERNEL });',
    ],
  ])('sees a rule that is defined %s', async (_, text) => {
    for (const [kernel, verdict] of [
      ['(a) => a[this.thread.x]', 'local'],
      ['(a) => a[0]', 'not local'],
    ] as const) {
      const { out, err } = await command('audit', file(text.replace('KERNEL', kernel), 'ts'), '--json');
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({ verdict, kernels: [{ rule: 'r', writes: 'a' }] });
    }
  });

  test('tells the line of the file where a kernel of a TypeScript file is none, and which it is', async () => {
    const text =
      'interface A {\n  a: number;\n}\nm.defineRule("r", {\n  a: function (a) {\n    if (a[this.thread.x] > 0) return;\n    return 1;\n  },\n});';
    const { status, err } = await command('audit', file(text, 'ts'));
    expect(status).toBe(2);
    expect(err).toMatch(/returns no value at line 6, in what rule "r" writes to a/);
    const broken = await command('audit', file('const x: = 3;\nm.defineRule("r", { a: (a) => 1 });', 'ts'));
    expect(broken).toMatchObject({ status: 2, err: expect.stringMatching(/cannot be parsed: .*\(line 1\)/) });
  });

  test('runs a file that defines synapse models, and reads every rule that was made of their energies', async () => {
    const description = "{ fast: 'w', meta: ['a'], penalty: '(w - a)^2', flow: { a: '-a / 2' } }";
    const name = file(
      `import { defineSynapse } from '${path.resolve(__dirname, '../../src/index')}';\nexport const mine = defineSynapse(${description});`,
      'ts',
    );
    const { status, out } = await command('audit', name, '--json');
    expect(status).toBe(0);
    const { kernels } = JSON.parse(out) as { kernels: { rule: string; writes: string | null }[] };
    expect(kernels.map(({ rule, writes }) => [rule, writes])).toEqual(
      expect.arrayContaining([
        ['mine: energy', null],
        ['mine: pull', 'gradient'],
        ['mine: contrast of a', 'accumulated'],
        ['mine: flow', 'a'],
      ]),
    );
  });

  test('exits 2 for a file that defines synapse models and exports none', async () => {
    const { status, err } = await command('audit', path.resolve(__dirname, '../../models/chain-synapse.ts'));
    expect(status).toBe(2);
    expect(err).toContain('exports none');
  });

  test.each([
    ['a number', 'module.exports = 42;'],
    ['nothing', ''],
    ['text that does not parse', 'module.exports = function (phi {'],
    ['a rule without a result', 'module.exports = function (phi) { const a = phi[this.thread.x]; };'],
  ])('exits 2 for %s', async (_, text) => {
    const { status, out, err } = await command('audit', file(text), '--json');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^metaplast: .+\n$/);
    expect(err).not.toMatch(/\n +at /);
  });

  test('exits 2 for a file that does not exist, or is a folder', async () => {
    for (const name of [path.join(home, 'none.js'), home]) {
      const { status, err } = await command('audit', name);
      expect(status).toBe(2);
      expect(err).toMatch(/^metaplast: The rule file cannot be read: [^\n]*\n$/);
    }
  });

  test('never runs the file: neither what it would write nor what it would throw happens', async () => {
    const trace = path.join(home, 'trace');
    const writes = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'was here');`;
    const name = file(`${writes}\nthrow new Error('was run');\nmodule.exports = ${local};`);
    const { status, out, err } = await start(['audit', name, '--json']).ended;
    expect(fs.existsSync(trace)).toBe(false);
    expect(out + err).not.toContain('was run');
    expect([0, 1, 2]).toContain(status);
  });
});
