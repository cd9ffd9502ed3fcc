import { DivergenceError } from '../../src/core/errors';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { runExperiment } from '../../src/playground/experiment/experiment';
import type { Estimated, Exact, Judged } from '../../src/playground/experiment/outcome';
import { presets, settingsFor } from '../../src/playground/experiment/presets';
import { problemNames, type Settings } from '../../src/playground/experiment/settings';

const simd = simdEngine({ blas: 'wasm' });

interface Seen {
  estimated?: Estimated;
  exact?: Exact;
  judged?: Judged;
  error?: unknown;
}

/** All that the page shows of these settings. */
async function see(settings: Settings, engine: Engine = simd): Promise<Seen> {
  const seen: Seen = {};
  await runExperiment(settings, engine, {
    progress() {},
    broke() {},
    estimated(estimated) {
      seen.estimated = estimated;
    },
    compared(exact) {
      seen.exact = exact;
    },
    judged(judged) {
      seen.judged = judged;
    },
  }).catch((error: unknown) => {
    seen.error = error;
  });
  return seen;
}

const preset = (name: string): Settings => presets.find((one) => one.name === name)!.settings;

/** Of an estimate that has an exact gradient beside it. */
function errors({ exact }: Seen): number[] {
  if (exact?.refused !== null) throw new Error(`There is no exact gradient: ${exact?.refused}`);
  return [...Object.values(exact.comparisons), exact.together].map(({ relativeError }) => relativeError!);
}

describe('a preset of the playground', () => {
  it('shows a gradient within a hundredth of the exact one, of 301 synapses', async () => {
    const seen = await see(preset('A good one'));
    expect(Math.max(...errors(seen))).toBeLessThan(0.01);
    expect(seen.estimated!.metaGradient.lambda).toHaveLength(301);
    expect(seen.judged!.verdict).toBe('good');
  });

  it('shows with too small a beta nothing but rounding: the same in float64 is good', async () => {
    const settings = preset('β too small');
    const seen = await see(settings);
    expect(Math.min(...errors(seen))).toBeGreaterThan(0.5);
    expect(seen.judged).toMatchObject({ verdict: 'noisy', because: expect.stringContaining('float32') });
    // What the phases themselves leave is no part of it.
    expect(Math.max(...seen.estimated!.phases.map(({ residual }) => residual))).toBeLessThan(1e-6);
    // As many steps as its phases need to end closer than beta; the reference engine is slow.
    const short = { ...settings, freeSteps: 1500, nudgedSteps: 500 };
    expect(Math.min(...errors(await see(short)))).toBeGreaterThan(0.5);
    const exacter = await see({ ...short, engine: 'reference' }, referenceEngine);
    expect(Math.max(...errors(exacter))).toBeLessThan(0.01);
    expect(exacter.judged!.verdict).toBe('good');
  });

  it('shows with too large a beta a bias of a quarter of the gradient, and hardly any noise', async () => {
    const seen = await see(preset('β too large'));
    const together = errors(seen).at(-1)!;
    expect(together).toBeGreaterThan(0.2);
    expect(together).toBeLessThan(0.35);
    expect(seen.judged!.verdict).toBe('biased');
    expect(Math.max(...seen.estimated!.phases.map(({ residual }) => residual))).toBeLessThan(1e-5);
  });

  it('shows with too few steps less than half of the gradient', async () => {
    const seen = await see(preset('Too few steps'));
    const { together } = seen.exact as Extract<Exact, { refused: null }>;
    expect(together.normRatio).toBeLessThan(0.5);
    expect(seen.judged!.verdict).toBe('noisy');
    const more = await see({ ...preset('Too few steps'), nudgedSteps: 2000 });
    expect(Math.max(...errors(more))).toBeLessThan(0.01);
  });

  it('shows a saddle, with no exact gradient to compare with', async () => {
    const { exact, judged } = await see(preset('A saddle'));
    expect(exact!.refused).toMatch(/^The free phase has no strict minimum: .* indefinite/);
    expect(judged).toMatchObject({ verdict: 'no equilibrium', because: expect.stringContaining('saddle') });
  });

  it('shows a nudged phase that leaves every bound by a negative beta', async () => {
    const { estimated, judged, error } = await see(preset('Negative β'));
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as DivergenceError).moment).toMatchObject({ phase: 'nudged', beta: -2 });
    expect(judged!.verdict).toBe('no equilibrium');
    expect(estimated).toBeUndefined();
  });

  it("shows a user's own penalty that is as good", async () => {
    const seen = await see(preset('A penalty of your own'));
    expect(Math.max(...errors(seen))).toBeLessThan(0.02);
    expect(seen.judged!.verdict).toBe('good');
  });

  it.each(problemNames)('begins with settings that are good: %s', async (problem) => {
    const seen = await see(settingsFor(problem));
    expect(Math.max(...errors(seen))).toBeLessThan(0.05);
    expect(seen.judged!.verdict).toBe('good');
  });
});
