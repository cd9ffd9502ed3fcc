import { InputError } from '../../src/core/errors';
import { engineNamed } from '../../src/engine/auto';
import { contrastive } from '../../src/learning/contrastive';
import { forward, symmetric } from '../../src/learning/estimators';
import type { SimulationOptions } from '../../src/learning/simulation-options';
import { simulate } from '../../src/learning/simulator';
import { oneSynapseOptions, phase } from './one-synapse';

/** One synapse, with engine and rules as they are by themselves. */
function bare(change: Partial<SimulationOptions> = {}): SimulationOptions {
  const { engine: _engine, rules: _rules, warn: _warn, ...rest } = oneSynapseOptions();
  return { ...rest, ...change };
}

const short = { ...phase, steps: 3 };
const unsettled = { rule: contrastive({ estimator: symmetric(0.1), free: short, nudged: short }) };

/** What `process.emitWarning` was given, which then prints nothing. */
function emitted(): jest.SpyInstance {
  return jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
}
afterEach(() => jest.restoreAllMocks());

describe('a simulation', () => {
  it('without an engine takes the one that runs take by themselves', async () => {
    const simulation = simulate(bare({ warn: () => {} }));
    const { engine } = await simulation.open();
    expect(engine).toBe((await engineNamed('auto')).name);
    await simulation.close();
  });

  it.each(['reference', 'simd'] as const)('takes an engine by its name: %s', async (name) => {
    const simulation = simulate(bare({ engine: name, rules: 'plain', warn: () => {} }));
    expect((await simulation.open()).engine).toBe(name);
    const { metaGradient } = await simulation.estimate();
    expect(metaGradient.lambda![0]).toBeCloseTo((0.5 * ((1.9 / 2.7) ** 2 - 0.8 ** 2)) / 0.1, 4);
    await simulation.close();
  });

  it.each<[string, object, RegExp]>([
    ['engine', { engine: 'referense' }, /no such engine\. Got "referense"\. .*Did you mean "reference"\?/],
    ['rules', { rules: 'plane' }, /no such executor of rules\. Got "plane"\. .*Did you mean "plain"\?/],
  ])('refuses a name of %s that there is none of, before anything runs', (_, change, message) => {
    expect(() => simulate(bare(change))).toThrow(InputError);
    expect(() => simulate(bare(change))).toThrow(message);
  });

  it('refuses workers that its engine has no threads for, when the engine is known', async () => {
    const simulation = simulate(bare({ engine: 'reference', workers: 2 }));
    await expect(simulation.open()).rejects.toThrow(/Engine "reference" works in one thread/);
  });
});

describe('what a simulation warns of:', () => {
  it('phases that have not converged, once for free and once for nudged ones, however many there are', async () => {
    const lines: string[] = [];
    const simulation = simulate(
      bare({ ...unsettled, engine: 'reference', rules: 'plain', warn: (line) => lines.push(line) }),
    );
    await simulation.run({ metaSteps: 3 });
    expect(lines).toEqual([
      expect.stringMatching(
        /^meta-step 0: the free phase \(beta = 0\) has not converged: residual \S+ after 3 steps/,
      ),
      expect.stringMatching(/^meta-step 0: the nudged phase \(beta = 0\.1\) has not converged/),
    ]);
    await simulation.close();
  });

  it('nothing, where all have', async () => {
    const warn = jest.fn();
    const simulation = simulate(bare({ engine: 'reference', rules: 'plain', warn }));
    await simulation.metaStep();
    expect(warn).not.toHaveBeenCalled();
    await simulation.close();
  });

  it('a contrast that float32 leaves too few digits', async () => {
    const lines: string[] = [];
    const settled = { ...phase, tolerance: 1e-5 };
    const rule = contrastive({ estimator: forward(1e-5), free: settled, nudged: settled });
    const simulation = simulate(
      bare({ rule, engine: 'simd', rules: 'plain', warn: (line) => lines.push(line) }),
    );
    await simulation.run({ metaSteps: 2 });
    expect(lines).toEqual([expect.stringMatching(/^meta-step 0: float32 leaves \d\.\d decimal digits/)]);
    await simulation.close();
  });

  it('not again what was warned of before its state was saved', async () => {
    const options = { ...unsettled, engine: 'reference', rules: 'plain' } as const;
    const [first, warn] = [simulate(bare({ ...options, warn: () => {} })), jest.fn()];
    await first.metaStep();
    const second = simulate(bare({ ...options, warn }));
    second.restore(structuredClone(first.save()));
    await second.metaStep();
    expect(warn).not.toHaveBeenCalled();
    await Promise.all([first.close(), second.close()]);
  });

  it('by itself as a warning of the process, which Node prints', async () => {
    const heard = emitted();
    const simulation = simulate(bare({ ...unsettled, engine: 'reference', rules: 'plain' }));
    await simulation.metaStep();
    expect(heard.mock.calls).toEqual([
      [expect.stringMatching(/the free phase .* has not converged/), 'MetaplastWarning'],
      [expect.stringMatching(/the nudged phase .* has not converged/), 'MetaplastWarning'],
    ]);
    await simulation.close();
  });
});
