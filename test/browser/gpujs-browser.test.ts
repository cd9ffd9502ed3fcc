import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type GridAnswers, type Judgement, judge } from '../kernel/gpu/dialect-grid';
import { inShaders, inWebAssembly } from '../kernel/gpu/exactness';
import { findChromium, type OpenPage, openPage } from './open-page';
import type { PageAnswers } from './page';
import { type Answers, answersOf } from './problems';
import { apart, questions, wrongOf } from './questions';

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn('GPU.js in a browser is not tested: there is no Chromium here');

/** A software device compiles a shader for each kernel of each plan, which takes long. */
const patience = 240_000;

(executablePath === undefined ? describe.skip : describe)('GPU.js in a browser', () => {
  let open: OpenPage;
  let truth: Readonly<Record<'engine' | 'executor', Answers>>;

  beforeAll(async () => {
    truth = {
      engine: await answersOf(referenceEngine, questions),
      executor: await answersOf(referenceEngine, questions, plainExecutor()),
    };
    open = await openPage(executablePath!, 'software', require.resolve('./page'));
  }, patience);
  beforeEach(() => {
    open.complaints.length = 0;
  });
  afterAll(() => open?.browser.close());

  // As inner rules of an engine, the library's take 600 shaders of WebGL, half a minute; what lowers and runs them is the same.
  it.each([
    ['webgl2', 'executor', 'generic', expect.stringContaining('requires webasm')],
    ['webgpu', 'engine', 'fused-encoder', null],
    ['webasm', 'engine', 'fused-sync', null],
  ] as const)(
    'gives in mode %s what the reference engine gives, and by every rule, run by the %s, what plain JavaScript does',
    async (mode, rulesBy, executorKind, fallbackReason) => {
      const given = [mode, questions, rulesBy].map((value) => JSON.stringify(value));
      const { answers, probe, report } = (await open.page.evaluate(`answerInPage(${given})`)) as PageAnswers;
      expect(Object.keys(answers)).toEqual(Object.keys(truth[rulesBy]));
      expect(wrongOf(apart(answers, truth[rulesBy]))).toEqual([]);
      expect(report).toEqual({
        mode,
        backend: mode === 'webgl2' ? 'gpu' : mode,
        executorKind,
        fallbackReason,
      });
      // SwiftShader, or plain WebAssembly: the engine must not take either for a graphics card.
      expect(probe).toMatchObject({ available: true, byNameOnly: expect.any(String) });
      if (mode !== 'webasm') expect(probe).toMatchObject({ device: expect.stringMatching(/swiftshader/i) });
      expect(open.complaints).toEqual([]);
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
      const judged = judge((await open.page.evaluate(`${grid}('${mode}')`)) as GridAnswers, exactness);
      const wrong = Object.entries(judged).filter((entry) => entry[1].wrong.length > 0);
      expect(wrong.map(([name, of]) => [name, of.wrong.length, of.wrong.slice(0, 5)])).toEqual([]);
      expect(open.complaints).toEqual([]);
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
