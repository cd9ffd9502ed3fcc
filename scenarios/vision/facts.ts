import type { Network } from '../../src/network/network';
import type { ExecutorReport } from '../../src/synapse/rule-executor';
import type { ResolvedSettings } from './resolve';
import type { Row } from './row';
import type { MethodRun } from './run-method';
import type { Samples } from './samples';
import type { VisionSettings } from './schema';

/** What a run came to: all that its summary, report and figures are made from. */
export interface VisionFacts {
  /** The scenario's name. */
  readonly name: string;
  readonly settings: VisionSettings;
  readonly resolved: ResolvedSettings;
  readonly row: Row;
  readonly network: Network;
  readonly samples: Pick<Samples, 'testCount' | 'unseenClasses' | 'names'>;
  readonly runs: readonly MethodRun[];
  readonly rules: ExecutorReport;
  /** Wall-clock time of a method, in all processes of the run. */
  seconds(label: string): number;
}
