import type { ExecutorReport } from '../../src/synapse/rule-executor';
import type { SequentialMethod } from './methods/method';
import type { MethodRun } from './run-method';
import type { PermutedSettings } from './schema';

/** What a run came to: all that its summary, report and figures are made from. */
export interface PermutedFacts {
  readonly settings: PermutedSettings;
  readonly methods: readonly SequentialMethod[];
  readonly runs: readonly MethodRun[];
  readonly rules: ExecutorReport;
  /** Wall-clock time of a part, in all processes of the run. */
  seconds(label: string): number;
}

/** The runs of a method that came to their end. */
export const finished = ({ runs }: Pick<PermutedFacts, 'runs'>, { name }: SequentialMethod): MethodRun[] =>
  runs.filter(({ method, history }) => method.name === name && history.failure === null);
