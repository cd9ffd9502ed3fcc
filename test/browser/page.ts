import type { EngineProbe } from '../../src/engine/engine';
import { type GpujsReport, gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import type { GpujsMode } from '../../src/synapse/gpujs-modes';
import { type Answers, answersOf, type Questions } from './problems';

/** What a page gives back. */
export interface PageAnswers {
  readonly probe: EngineProbe;
  readonly answers: Answers;
  readonly report: GpujsReport | null;
}

/** Runs in the browser: the test calls it by name. */
async function answerInPage(mode: GpujsMode, questions: Questions): Promise<PageAnswers> {
  const engine = gpujsEngine({ mode });
  const answers = await answersOf(engine, questions);
  return { probe: await engine.probe(), answers, report: engine.report };
}

Object.assign(globalThis, { answerInPage });
