import { Interruption, MetaplastError } from '../core/errors';
import { resumeCommandOf } from './directory/commands-of';

/** A scenario threw something that metaplast does not throw on purpose: a fault of the scenario's own code. */
export class ScenarioError extends MetaplastError {
  constructor(scenario: string, cause: unknown, directory: string) {
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super({
      what: `Scenario "${scenario}" failed: ${message.replace(/\.$/, '')}`,
      advice: recordedIn(directory),
    });
    this.cause = cause;
  }
}

/**
 * The exit status that a typed error asks for; null for any other error. Judged by form, not by `instanceof`: a
 * scenario of the user's may have loaded a copy of metaplast of its own.
 */
export function exitStatusOf(error: unknown): number | null {
  const { exitCode, report } = (error ?? {}) as Partial<MetaplastError>;
  return typeof exitCode === 'number' && typeof report?.what === 'string' ? exitCode : null;
}

/** The same error, with where the run's data is and how to go on. */
export function located(error: unknown, scenario: string, directory: string): unknown {
  switch (exitStatusOf(error)) {
    case 130:
      return interruptedIn(directory);
    case 1:
      (error as Error).message += ` ${recordedIn(directory)}`;
      return error;
    case null:
      return new ScenarioError(scenario, error, directory);
    default:
      return error;
  }
}

/** The command stands alone on its line, so that it can be copied. */
function interruptedIn(directory: string): Interruption {
  return new Interruption({
    what: 'The run was interrupted, and its checkpoint is written',
    advice: `Go on with it:\n  ${resumeCommandOf(directory)}`,
  });
}

const recordedIn = (directory: string) => `What was recorded so far is in ${directory}.`;
