import { join } from 'node:path';
import { InputError } from '../../core/errors';
import { RandomStreams } from '../../core/random';
import { OpenedSessions } from '../../engine/opened-sessions';
import { readNewestCheckpoint } from '../directory/checkpoint';
import { resumeCommandOf } from '../directory/resume-command';
import { savedParts } from '../run-context';
import { engineFor, openStoredRun, rulesFor } from '../run-scenario';
import type { Diagnosis } from '../scenario/scenario';

/** The meta-gradients of a run, judged where its last checkpoint stands. */
export interface DiagnosedRun {
  readonly scenario: string;
  readonly directory: string;
  /** How far the run had come, in steps of the scenario. */
  readonly position: number;
  readonly diagnoses: readonly Diagnosis[];
}

/**
 * Rebuilds a run from its `config.json` and its last checkpoint, and judges its meta-gradients there, on its own engine. Changes nothing
 * in the run directory.
 * @throws InputError where the directory is no run, was made by another version, has no checkpoint yet, or its scenario judges nothing;
 * CheckpointError where no checkpoint can be used; Interruption where the signal is aborted.
 */
export async function diagnoseRun(directory: string, signal: AbortSignal): Promise<DiagnosedRun> {
  const {
    stored,
    found: { scenario },
  } = await openStoredRun(directory);
  if (scenario.diagnose === undefined) {
    throw new InputError({
      what: `Scenario "${scenario.name}" does not say how its meta-gradients are judged`,
      advice: 'Give it a method "diagnose": see docs/howto/diagnose.md',
    });
  }
  const checkpoint = readNewestCheckpoint(join(directory, 'checkpoints'));
  if (checkpoint === null) {
    throw new InputError({
      what: `The run in "${directory}" has no checkpoint yet, so there is nothing to judge`,
      advice: `Go on with it:\n  ${resumeCommandOf(directory)}`,
    });
  }
  const { config, seed } = stored;
  const { engine } = await engineFor(stored, scenario);
  const rules = await rulesFor(stored.rules, scenario);
  const opened = new OpenedSessions(engine, 'The diagnosis');
  try {
    const diagnoses = await scenario.diagnose({
      ...{ config, seed, rules, signal },
      random: new RandomStreams(seed),
      engine: opened.engine,
      workers: 1,
      parts: savedParts(checkpoint.state),
    });
    if (diagnoses.length === 0) {
      throw new InputError({
        what: `The run in "${directory}" has no meta-gradient by the contrastive rule, which is what is judged`,
        advice: 'Name a run whose --method is contrastive or modulation',
      });
    }
    return { scenario: scenario.name, directory, position: checkpoint.position, diagnoses };
  } finally {
    await opened.close();
    rules.close();
  }
}
