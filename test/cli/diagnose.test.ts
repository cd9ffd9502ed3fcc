import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, snapshot } from './command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-diagnose-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

/** Runs a scenario, and returns its summary and directory. */
async function ran(name: string, ...more: string[]) {
  const small = ['--preset', 'smoke', '--rules', 'plain', '--json', '--quiet', '--runs', runs];
  const { out } = await command('run', name, ...small, ...more);
  return JSON.parse(out);
}

describe('diagnose', () => {
  test('judges a finished run as its summary does, and changes nothing in it', async () => {
    const { runDirectory, trust } = await ran('one-synapse');
    const before = snapshot(runDirectory);
    const { status, out, err } = await command('diagnose', runDirectory, '--json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const { scenario, position, diagnoses } = JSON.parse(out);
    expect([scenario, position]).toEqual(['one-synapse', 5]);
    expect(trust.verdict).toBe('good');
    const { verdict, because, advice, evidence } = diagnoses[0].trust;
    const { trials: _, ...cost } = trust.cost;
    expect({ verdict, because, advice, cost: evidence.work }).toEqual({
      ...{ verdict: trust.verdict, because: trust.because, advice: trust.advice, cost },
    });
    expect(snapshot(runDirectory)).toEqual(before);
  });

  test('tells people the verdict, its reason, what to change and what it cost', async () => {
    const { runDirectory } = await ran('one-synapse', '--set', 'beta=5', '--name', 'much-nudged');
    const { out } = await command('diagnose', runDirectory);
    expect(out.split('\n')).toEqual([
      'one-synapse, after 5 steps of the run',
      '  verdict: biased (errors of up to 32 % are tolerated)',
      expect.stringMatching(/^ {2}because a beta 64 times smaller than 5 moves the gradient of .* by .* %/),
      expect.stringMatching(/^ {2}yet it leads down: .* should lower .* by 1 %, lowers it by [\d.]+ %$/),
      expect.stringMatching(/^ {2}this verdict cost \d+ gradients and \d Hessian-vector products$/),
      expect.stringMatching(
        /^ {2}most likely to help: --set beta=0\.\d+ \(tried on the same task: good, errors of/,
      ),
      expect.stringMatching(
        /^ {2}\d+ changes were tried, which cost \d+ gradients \(50000 at most\) .*: beta=0\.\d+ \(good/,
      ),
      '',
    ]);
  });

  test('judges each method of a task stream that is the contrastive rule, on the first unseen task', async () => {
    const few = ['--set', 'metaSteps=2', '--set', 'unseen.tasks=2', '--set', 'hidden=4'];
    const { runDirectory, methods } = await ran(
      'sinusoid',
      '--method',
      'contrastive,modulation,maml',
      ...few,
    );
    expect(methods.maml.trust).toBeNull();
    const { out } = await command('diagnose', runDirectory, '--json');
    const judged = JSON.parse(out).diagnoses.map(({ label, trust }: { label: string; trust: object }) => [
      label,
      trust,
    ]);
    const told = ({ verdict, because, advice, descent }: Record<string, unknown>) =>
      expect.objectContaining({ verdict, because, advice, descent });
    expect(judged).toEqual([
      ['contrastive, on the first unseen task', told(methods.contrastive.trust)],
      ['modulation, on the first unseen task', told(methods.modulation.trust)],
    ]);
  });

  test('refuses a run without a contrastive rule, and a folder that is no run', async () => {
    const few = ['--set', 'metaSteps=1', '--set', 'unseen.tasks=2', '--set', 'hidden=4'];
    const { runDirectory } = await ran('sinusoid', '--method', 'maml', '--name', 'maml', ...few);
    const refused = await command('diagnose', runDirectory);
    expect(refused.status).toBe(2);
    expect(refused.err).toMatch(
      /has no meta-gradient by the contrastive rule.*--method is contrastive or mod/,
    );
    expect((await command('diagnose', runs)).status).toBe(2);
  });

  test('shows an example in its help', async () => {
    expect((await command('diagnose', '--help')).out).toMatch(/Example:\n {2}metaplast diagnose runs\//);
  });
});
