import type { RunPlan } from '../clock/schedule';
import type { ExecutorReport } from '../synapse/rule-executor';
import type { Judged } from '../theory/trust/judge';
import type { Method } from './methods/method';
import type { StreamHistory } from './run-stream';
import type { FewShotSettings } from './settings';

/** One method after its stream. */
export interface FewShotResult {
  readonly method: Method;
  readonly history: StreamHistory;
  /** Its meta-gradient on the first unseen task at the end, judged; null for a method that is not the contrastive rule. */
  readonly trust: Judged | null;
  /** Variables that were to learn and never moved. */
  readonly still: readonly string[];
  readonly plan: RunPlan;
  /** Wall-clock time, judging included, over all processes of the run. */
  readonly seconds: number;
}

/** What a scenario over a stream of tasks has come to: what its report and figures are made from. */
export interface FewShotFacts {
  /** The scenario's name. */
  readonly name: string;
  readonly settings: Pick<FewShotSettings, 'unseen' | 'batch'>;
  readonly results: readonly FewShotResult[];
  /** How many tasks the methods were judged by. */
  readonly unseen: number;
  readonly rules: ExecutorReport;
  /** How many tasks chose the best of each stream; null where none did. */
  readonly validation: number | null;
  /** What the losses are: `mean squared error`. */
  readonly loss: string;
  /** Whether methods tell classes apart, and are judged by how many samples they tell right. */
  readonly tellsClasses: boolean;
}
