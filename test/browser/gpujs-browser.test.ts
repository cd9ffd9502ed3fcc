import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type GridAnswers, type Judgement, judge } from '../kernel/gpu/dialect-grid';
import { inShaders, inWebAssembly } from '../kernel/gpu/exactness';
import { everyRule, positive, scalars } from '../synapse/every-rule';
import { bundle } from './bundle';
import type { PageAnswers } from './page';
import { type Answers, answersOf, type Questions } from './problems';

/** Where Debian and other systems put it; `CHROMIUM` says otherwise. */
const executablePath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((candidate) => candidate !== undefined && existsSync(candidate));
if (executablePath === undefined)
  console.warn('GPU.js in a browser is not tested: there is no Chromium here');

/** A software adapter of WebGPU: the same shaders as on a graphics card, on the processor. */
const softwareWebgpu = [
  ...['--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU'],
  ...['--use-vulkan=swiftshader', '--use-webgpu-adapter=swiftshader'],
];

/** All rules of the library and those of a user's penalty, as text. */
const questions: Questions = {
  scalars,
  rules: everyRule.map(([name, rule]) => ({
    name,
    kernels: Object.fromEntries(rule.steps.map(({ writes, kernel }) => [writes, kernel.source])),
    positive: [...rule.reads, ...rule.writes].filter((quantity) => positive(rule, quantity)),
  })),
};

// Float32 as in the conformance suite. In Adam, 1 - 0.999 alone is off by 1.3e-5 in single precision.
const tolerances = { derivatives: 3e-6, settle: 1e-4 };

/** A software device compiles a shader for each kernel of each plan, which takes long. */
const patience = 240_000;

(executablePath === undefined ? describe.skip : describe)('GPU.js in a browser', () => {
  let browser: Browser;
  let page: Page;
  let truth: Readonly<Record<'engine' | 'executor', Answers>>;
  const complaints: string[] = [];

  beforeAll(async () => {
    truth = {
      engine: await answersOf(referenceEngine, questions),
      executor: await answersOf(referenceEngine, questions, plainExecutor()),
    };
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...softwareWebgpu] });
    page = await browser.newPage();
    page.on('console', (message) => {
      // A driver's note that a readback waits, which is what it is for.
      if (!message.text().includes('GPU stall due to ReadPixels')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    // Browsers have WebGPU on secure origins only, such as localhost; nothing is served, the page is made up here.
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: bundle(path.join(__dirname, 'page.ts')) });
  }, patience);
  afterAll(() => browser?.close());

  // As inner rules of an engine, the library's take 600 shaders of WebGL, half a minute; what lowers and runs them is the same.
  it.each([
    ['webgl2', 'executor', 'generic', expect.stringContaining('requires webasm')],
    ['webgpu', 'engine', 'fused-encoder', null],
    ['webasm', 'engine', 'fused-sync', null],
  ] as const)(
    'gives in mode %s what the reference engine gives, and by every rule, run by the %s, what plain JavaScript does',
    async (mode, rulesBy, executorKind, fallbackReason) => {
      complaints.length = 0;
      const given = [mode, questions, rulesBy].map((value) => JSON.stringify(value));
      const { answers, probe, report } = (await page.evaluate(`answerInPage(${given})`)) as PageAnswers;
      expect(Object.keys(answers)).toEqual(Object.keys(truth[rulesBy]));
      const wrong = Object.entries(truth[rulesBy]).filter(([name, values]) => {
        const tolerance = / (after|of) /.test(name) ? tolerances.settle : tolerances.derivatives;
        return !(apart(answers[name]!, values) <= tolerance);
      });
      expect(wrong.map(([name, values]) => [name, apart(answers[name]!, values)])).toEqual([]);
      expect(report).toEqual({
        mode,
        backend: mode === 'webgl2' ? 'gpu' : mode,
        executorKind,
        fallbackReason,
      });
      // SwiftShader, or plain WebAssembly: the engine must not take either for a graphics card.
      expect(probe).toMatchObject({ available: true, byNameOnly: expect.any(String) });
      if (mode !== 'webasm') expect(probe).toMatchObject({ device: expect.stringMatching(/swiftshader/i) });
      expect(complaints).toEqual([]);
    },
    patience,
  );

  it.each([
    ['webgl2', 'gridOfRules', inShaders],
    ['webgpu', 'gridOfEngine', inShaders],
    ['webasm', 'gridOfEngine', inWebAssembly],
  ] as const)(
    'computes in mode %s the whole kernel dialect as JavaScript does, up to what such devices may: %s',
    async (mode, grid, exactness) => {
      complaints.length = 0;
      const judged = judge((await page.evaluate(`${grid}('${mode}')`)) as GridAnswers, exactness);
      const wrong = Object.entries(judged).filter((entry) => entry[1].wrong.length > 0);
      expect(wrong.map(([name, of]) => [name, of.wrong.length, of.wrong.slice(0, 5)])).toEqual([]);
      expect(complaints).toEqual([]);
      if (process.env.SHOW_ERRORS !== undefined) console.log(mode, grid, worstErrors(judged));
    },
    patience,
  );
});

const worstErrors = (judged: Record<string, Judgement>): string =>
  Object.entries(judged)
    .filter(([, { worst }]) => worst > 0)
    .map(([name, { worst }]) => `${name}: ${worst}`)
    .join('; ');

/** The largest difference of any entry over the largest entry. */
function apart(got: readonly number[], truth: readonly number[]): number {
  const difference = Math.max(...truth.map((value, i) => Math.abs(got[i]! - value)));
  return difference / Math.max(...truth.map(Math.abs));
}
