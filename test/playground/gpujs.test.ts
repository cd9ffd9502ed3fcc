import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { estimate } from '../../src/playground/experiment/experiment';
import type { Estimated } from '../../src/playground/experiment/outcome';
import { settingsFor } from '../../src/playground/experiment/presets';
import { problemOf } from '../../src/playground/experiment/problem';
import { findChromium } from '../browser/open-page';
import { askWorker, type BuiltPage, openBuiltPage } from './built-page';

const executablePath = findChromium();

/** Float64 numbers of their bits. */
const numbersOf = ({ bits }: { bits: number[] }): Float64Array =>
  new Float64Array(Uint32Array.from(bits).buffer);

(executablePath === undefined ? describe.skip : describe)('GPU.js in the playground', () => {
  let built: BuiltPage;
  beforeAll(async () => {
    built = await openBuiltPage(executablePath!);
  });
  afterAll(() => built?.close());

  it("gives on a user's own penalty what the reference engine gives, to single precision, and says what ran", async () => {
    const settings = {
      ...settingsFor('one-synapse'),
      penalty: 'lambda * (log(1 + (phi - omega)^2) + (1 - exp(-(phi - omega)^2)))',
      freeSteps: 60,
      nudgedSteps: 40,
    };
    const [first] = await askWorker(built.page, 'run', { ...settings, engine: 'gpujs' });
    const there = (first as unknown as { estimated: Estimated }).estimated;
    const here = await estimate(settings, problemOf(settings), referenceEngine, { progress() {} });
    for (const [name, values] of Object.entries(here.metaGradient)) {
      const own = numbersOf(there.metaGradient[name] as unknown as { bits: number[] });
      expect(Math.abs(own[0]! - values[0]!)).toBeLessThan(1e-3 * Math.abs(values[0]!));
    }
    expect(there.device).toMatch(/^GPU\.js mode webgpu, /);
    expect(there.report).toMatchObject({ mode: 'webgpu', backend: 'webgpu' });
  });
});
