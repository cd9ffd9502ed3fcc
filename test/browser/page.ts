import type { EngineProbe } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import type { GpujsReport } from '../../src/engine/gpujs/gpujs-report';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import type { GpujsMode, SynchronousMode } from '../../src/synapse/gpujs-modes';
import { answersOfEngine, answersOfExecutor, type GridAnswers } from '../kernel/gpu/dialect-grid';
import { type Answers, answersOf, type Questions } from './problems';

/** What a page gives back. */
export interface PageAnswers {
  readonly probe: EngineProbe;
  readonly answers: Answers;
  readonly report: GpujsReport | null;
}

/** Runs in the browser: the test calls it by name. */
async function answerInPage(
  mode: GpujsMode,
  questions: Questions,
  rulesBy: 'engine' | 'executor',
): Promise<PageAnswers> {
  const engine = gpujsEngine({ mode });
  const executor = rulesBy === 'executor' ? gpujsExecutor(mode as SynchronousMode) : undefined;
  const answers = await answersOf(engine, questions, executor);
  return { probe: await engine.probe(), answers, report: engine.report };
}

/** The dialect's grid, as an engine's inner rule. */
const gridOfEngine = (mode: GpujsMode): Promise<GridAnswers> => answersOfEngine(gpujsEngine({ mode }));

/** The same by rules alone. */
function gridOfRules(mode: SynchronousMode): GridAnswers {
  const executor = gpujsExecutor(mode);
  const answers = answersOfExecutor(executor);
  executor.close();
  return answers;
}

Object.assign(globalThis, { answerInPage, gridOfEngine, gridOfRules });
