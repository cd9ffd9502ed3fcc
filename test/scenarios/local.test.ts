import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../cli/command';

describe('the scenario of local credit', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const small = [
    'hidden=4',
    'metaSteps=2',
    'batch=2',
    'unseen.tasks=2',
    'contrastive.free.steps=4',
    'contrastive.nudged.steps=2',
  ];
  const run = async (scenario: string, ...flags: string[]) => {
    const settings = small
      .filter((set) => scenario === 'local' || !set.startsWith('batch'))
      .flatMap((set) => ['--set', set]);
    const { status, out, err } = await command(
      'run',
      scenario,
      '--preset',
      'smoke',
      '--engine',
      'reference',
      '--runs',
      folder,
      '--json',
      '--quiet',
      ...settings,
      ...flags,
    );
    return { status, err, summary: status === 0 ? JSON.parse(out) : null };
  };

  it('learns the same tasks by each source of credit, and keys its summary by their words', async () => {
    const { status, err, summary } = await run('local');
    expect([status, err]).toEqual([0, '']);
    const words = ['backprop', 'dual', 'equilibrium', 'feedback-alignment', 'direct-feedback'];
    expect(Object.keys(summary.methods)).toEqual(words);
    const before = words.map((word) => summary.methods[word].curve[0].heldOutLoss[0].mean);
    // Before any step nothing has been learned by any: the same tasks, and the same first weights.
    expect(new Set(before).size).toBe(1);
    const after = words.map((word) => summary.methods[word].heldOutLoss.at(-1).mean);
    expect(new Set(after).size).toBe(words.length);
  }, 60_000);

  it('takes sources of credit with their settings from --credit', async () => {
    const { summary } = await run('local', '--credit', 'dual:nudge=0.02,equilibrium:sweeps=3');
    expect(Object.keys(summary.methods)).toEqual(['dual:nudge=0.02', 'equilibrium:sweeps=3']);
  }, 60_000);

  it.each(['sinusoid'])(
    'is one of several: %s takes any source of credit too, and learns otherwise by another',
    async (scenario) => {
      const settings = ['--set', 'batch=2', '--set', 'hidden=4'];
      const [exact, dual] = [
        await run(scenario, ...settings),
        await run(scenario, ...settings, '--credit', 'dual'),
      ];
      const losses = [exact, dual].map(({ summary }) => summary.methods.contrastive.heldOutLoss.at(-1).mean);
      expect(losses[1]).not.toBe(losses[0]);
      // Relu units at b = .1: a per cent or so apart in gradients, after few steps.
      expect(losses[1] / losses[0]).toBeCloseTo(1, 1);
    },
    60_000,
  );

  it('refuses a source that there is not, before anything is written', async () => {
    const { status, err } = await run('local', '--credit', 'duel');
    expect(status).toBe(2);
    expect(err).toMatch(/no such source of credit/);
  });
});
