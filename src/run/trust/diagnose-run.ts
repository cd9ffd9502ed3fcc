import { join } from 'node:path';
import { InputError } from '../../core/errors';
import { RandomStreams } from '../../core/random';
import { OpenedSessions } from '../../engine/opened-sessions';
import { arithmeticChanges } from '../directory/arithmetic';
import { type NewestCheckpoint, readNewestCheckpoint } from '../directory/checkpoint';
import { diagnoseCommandOf, resumeCommandOf } from '../directory/commands-of';
import { environment } from '../directory/environment';
import { RunFiles } from '../directory/run-files';
import { storedScenario, storedSettings } from '../open-stored-run';
import { openAlike } from '../run-scenario';
import { type SavedRun, savedParts } from '../saved-run';
import type { Diagnosis } from '../scenario/scenario';

/** The meta-gradients of a run, judged where its last checkpoint stands. */
export interface DiagnosedRun {
  readonly scenario: string;
  readonly directory: string;
  /** How far the run had come, in steps of the scenario. */
  readonly position: number;
  readonly diagnoses: readonly Diagnosis[];
  /** What is not as the run left it, so that the judgement may be another than it would have been. */
  readonly warnings: readonly string[];
}

/**
 * Rebuilds a run from its settings and its last checkpoint, and judges its meta-gradients there, on its own engine. Changes nothing
 * in the run directory.
 * @param which `stored`: by the scenario as the run keeps it, whatever became of its file.
 * @throws InputError where the directory is no run, was made by another version, has no checkpoint yet, its scenario was changed or
 * judges nothing; CheckpointError where no checkpoint can be used; Interruption where the signal is aborted.
 */
export async function diagnoseRun(
  directory: string,
  signal: AbortSignal,
  which?: 'stored',
): Promise<DiagnosedRun> {
  const files = RunFiles.open(directory);
  const { stored, wrong } = storedSettings(files);
  const checkpoint = newestCheckpoint(files);
  if (checkpoint === null) {
    throw new InputError({
      what: `The run in "${directory}" has no checkpoint yet, so there is nothing to judge`,
      advice: `Go on with it:\n  ${resumeCommandOf(directory)}`,
    });
  }
  const { scenario, release } = await storedScenario(directory, stored, which, diagnoseCommandOf(directory));
  if (scenario.diagnose === undefined) {
    throw new InputError({
      what: `Scenario "${scenario.name}" does not say how its meta-gradients are judged`,
      advice: 'Give it a method "diagnose": see docs/howto/diagnose.md',
    });
  }
  const { config, seed } = stored;
  const { position, state, refused } = checkpoint;
  const { environments } = state as SavedRun;
  const begun = environments.at(-1)!.environment;
  const { engine, choice, rules } = await openAlike(stored, begun, scenario);
  const opened = new OpenedSessions(engine, 'The diagnosis');
  try {
    const changes = arithmeticChanges(begun, await environment(engine, choice, rules.report));
    const diagnoses = await scenario.diagnose({
      config,
      seed,
      rules,
      signal,
      random: new RandomStreams(seed),
      engine: opened.engine,
      workers: 1,
      parts: savedParts(state),
    });
    if (diagnoses.length === 0) {
      throw new InputError({
        what: `The run in "${directory}" has no meta-gradient by the contrastive rule, which is what is judged`,
        advice: 'Name a run whose --method is contrastive or modulation',
      });
    }
    const warnings = [
      ...(wrong === null ? [] : [`${wrong}; it was judged by the settings that it began with`]),
      ...refused.map(
        ({ file, reason }) => `checkpoint ${file} was refused, and the one before it is judged. ${reason}`,
      ),
      ...changes.map(({ what, from, to }) => `${what} was "${from}" in the run, and is "${to}" here`),
    ];
    return { scenario: scenario.name, directory, position, diagnoses, warnings };
  } finally {
    await opened.close();
    rules.close();
    release();
  }
}

/** The newest checkpoint, looked for again where a process at work on the run took one away in between. */
function newestCheckpoint(files: RunFiles): NewestCheckpoint | null {
  for (;;) {
    const listed = files.list(/^checkpoints\//).map((file) => file.slice('checkpoints/'.length));
    const newest = readNewestCheckpoint(join(files.directory, 'checkpoints'), { listed });
    if ((newest?.refused.length ?? 0) === 0 || !files.refresh()) return newest;
  }
}
