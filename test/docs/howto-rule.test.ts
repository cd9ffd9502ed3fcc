import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import '../../src/jest';
import { auditLocality } from '../../src/kernel/audit-locality';
import { command, repository } from '../cli/command';

const page = fs.readFileSync(path.join(repository, 'docs/howto/new-rule.md'), 'utf8');
const example = /```ts\n(.*?)```/s.exec(page)![1]!;

describe('the page about a rule of your own', () => {
  const file = path.join(repository, `.my-rule-${process.pid}.ts`);
  beforeAll(() => fs.writeFileSync(file, example.replace("'./src'", "'./dist/src'")));
  afterAll(() => fs.rmSync(file));

  test('runs as written, and the held-out loss falls', () => {
    const argv = [require.resolve('ts-node/dist/bin'), '--transpile-only', file];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: repository, encoding: 'utf8' });
    expect(stderr).toBe('');
    const losses = stdout.trim().split(' ').map(Number);
    expect(losses).toHaveLength(5);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  test('shows what the audit prints', async () => {
    const { status, out } = await command('audit', file);
    expect(status).toBe(0);
    expect(page).toContain(`prints\n\n\`\`\`\n${out.replaceAll(file, 'my-rule.ts')}\`\`\``);
  });

  test('names the legal language: each thing that it names is legal', () => {
    const own = 'phi[this.thread.x]';
    const named = /## What a kernel may hold(.*?)## Is it local/s.exec(page)![1]!;
    const functions = /Math\.(abs[a-z ]*)`/.exec(named)![1]!.split(' ');
    const binary = ['+', '-', '*', '/', '%', '**', '&', '|', '^', '<<', '>>'];
    expect(named).toContain(`\`${binary.slice(0, 6).join(' ')}\``);
    const expressions = [
      ...functions.map((name) => `Math.${name}(${own}${/pow|min|max/.test(name) ? ', 2' : ''})`),
      ...binary.map((operator) => `(${own}) ${operator} 2`),
      ...['Math.PI', 'Math.E', 'Infinity', `~${own}`],
    ];
    const bodies = [
      ...expressions.map((expression) => `return ${expression};`),
      'let x = 0; for (let k = 0; k < 8; k++) x += k; return x;',
      'const clip = (x) => Math.min(x, 1); return clip(2);',
    ];
    for (const body of bodies)
      expect([body, auditLocality(`function f(phi) { ${body} }`).verdict]).toEqual([body, 'local']);
    expect('(phi, rate) => phi[this.thread.x] * rate').toBeLocal();
  });
});
