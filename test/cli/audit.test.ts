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
    expect(JSON.parse(out)).toEqual({ local: true, violations: [] });
  });

  test('exits 1 for a rule that is not local, naming expression, line and reason', async () => {
    const name = file(`module.exports = ${foreign};`);
    const { status, out, err } = await command('audit', name, '--json');
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(JSON.parse(out)).toEqual({
      local: false,
      violations: [{ expression: 'omega[0]', line: 3, why: expect.stringMatching(/\w/) }],
    });
  });

  test('tells people the same, as file:line', async () => {
    const good = file(`module.exports = ${local};`);
    expect(await command('audit', good)).toEqual({ status: 0, out: `${good}: local\n`, err: '' });
    const bad = file(`module.exports = ${foreign};`);
    const { out } = await command('audit', bad);
    expect(out.startsWith(`${bad}:3: \`omega[0]\` `)).toBe(true);
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
