import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';

const examples = resolve(__dirname, '../../docs/examples');

async function commandLine(...argv: string[]): Promise<{ status: number; out: string }> {
  let out = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: () => {},
  };
  return { status: await runCommandLine(argv, terminal), out };
}

describe('docs/examples', () => {
  test('the local rule passes the audit', async () => {
    expect((await commandLine('audit', join(examples, 'local-rule.js'))).status).toBe(0);
  });

  test('the cheating rule is refused, and the message names what it reads', async () => {
    const { status, out } = await commandLine('audit', join(examples, 'cheating-rule.js'));
    expect(status).toBe(1);
    expect(out).toContain('phi[this.thread.x - 1]');
  });

  test('the example problem is solved, and more points give a better estimate', async () => {
    const problem = join(examples, 'problem.json');
    const errors: number[] = [];
    for (const estimator of ['forward', 'p3', 'p4', 'p5']) {
      const { out } = await commandLine(
        'estimate',
        problem,
        '--estimator',
        estimator,
        '--beta',
        '0.05',
        '--json',
      );
      errors.push(JSON.parse(out).relativeError.lambda);
    }
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(JSON.parse(readFileSync(problem, 'utf8')).phi).toHaveLength(13);
  });
});
