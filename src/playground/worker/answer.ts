import { errorData } from '../../core/error-data';
import { Interruption } from '../../core/errors';
import { derivedRules } from '../experiment/derived-rules';
import { type Listener, runExperiment } from '../experiment/experiment';
import { sweepBeta } from '../experiment/sweep';
import { playedEngine } from './engines';
import type { Answer, Question } from './messages';

/** Progress is reported so often at the most, in milliseconds. */
const pause = 50;

/** Derives the rules of a penalty: at once, whatever else is being worked on. */
export function answerRules({ id, settings }: Extract<Question, { kind: 'rules' }>): Answer {
  try {
    return { id, kind: 'rules', rules: derivedRules(settings), error: null };
  } catch (error) {
    return { id, kind: 'rules', rules: null, error: errorData(error) };
  }
}

/**
 * Works out what was asked, and reports it as it goes on.
 * @param post hears nothing more once the signal is aborted
 */
export async function answer(
  question: Extract<Question, { kind: 'run' | 'sweep' }>,
  signal: AbortSignal,
  post: (answer: Answer) => void,
): Promise<void> {
  const { id, kind, settings } = question;
  let reportedAt = 0;
  const report = (
    message: { [K in Answer['kind']]: Omit<Extract<Answer, { kind: K }>, 'id'> }[Answer['kind']],
  ) => {
    if (!signal.aborted) post({ id, ...message } as Answer);
  };
  const listener: Listener = {
    progress(progress) {
      if (performance.now() - reportedAt < pause) return;
      reportedAt = performance.now();
      report({ kind: 'progress', progress });
    },
    broke: (course) => report({ kind: 'broke', course }),
    estimated: (estimated) => report({ kind: 'estimated', estimated }),
    compared: (exact) => report({ kind: 'compared', exact }),
    judged: (judged) => report({ kind: 'judged', judged }),
  };
  try {
    const engine = await playedEngine(settings.engine);
    if (kind === 'run') await runExperiment(settings, engine, listener, signal);
    else report({ kind: 'swept', sweep: await sweepBeta(settings, engine, listener, signal) });
    report({ kind: 'over', error: null });
  } catch (error) {
    if (error instanceof Interruption && signal.aborted) return;
    report({ kind: 'over', error: errorData(error) });
  }
}
