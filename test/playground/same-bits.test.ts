import { simdEngine } from '../../src/engine/simd/simd-engine';
import { estimate } from '../../src/playground/experiment/experiment';
import { problemOf } from '../../src/playground/experiment/problem';
import { firstSettings, type Settings } from '../../src/playground/experiment/settings';
import { findChromium } from '../browser/open-page';
import { askWorker, type BuiltPage, bitsOf, openBuiltPage } from './built-page';

const executablePath = findChromium();

const cases: readonly (readonly [string, Partial<Settings>])[] = [
  ['Boston', { problem: 'boston', seed: 3 }],
  ['one synapse', { problem: 'one-synapse', estimator: 'p4' }],
  ['a sinusoid', { problem: 'sinusoid', freeRate: 0.01, nudgedRate: 0.01, estimator: 'forward', seed: 11 }],
  ['a penalty of polynomials', { penalty: 'lambda * ((phi - omega)^2 / 2 + (phi - omega)^4 / 5)', seed: 1 }],
];

(executablePath === undefined ? describe.skip : describe)('the simulator in a browser', () => {
  let built: BuiltPage;
  beforeAll(async () => {
    built = await openBuiltPage(executablePath!);
  });
  afterAll(() => built?.close());

  it.each(cases)('gives on simd what Node gives, to the bit, from the same seed: %s', async (_, changed) => {
    const settings = { ...firstSettings, freeSteps: 700, nudgedSteps: 500, ...changed };
    const [first] = await askWorker(built.page, 'run', settings);
    const there = (first as unknown as { estimated: Record<string, never> }).estimated;
    const here = await estimate(settings, problemOf(settings), simdEngine({ blas: 'wasm' }), {
      progress() {},
    });
    const { equilibria, metaGradient, loss, phases } = here;
    expect(there).toMatchObject({
      equilibria: { entries: [...equilibria].map(([beta, phi]) => [beta, bitsOf(phi)]) },
      metaGradient: Object.fromEntries(
        Object.entries(metaGradient).map(([name, values]) => [name, bitsOf(values)]),
      ),
      ...{ loss, phases },
    });
    // Gradients of nothing would be the same, too.
    for (const values of Object.values(metaGradient)) expect(values.some((value) => value !== 0)).toBe(true);
    expect(equilibria.size).toBe(1 + { forward: 1, symmetric: 2, p3: 2, p4: 3 }[settings.estimator]);
  });

  it('has nothing that a strict content policy refuses', () => {
    expect(built.complaints).toEqual([]);
  });
});
