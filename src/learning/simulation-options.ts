import type { SchedulerLike } from 'rxjs';
import { validate } from '../core/validate';
import type { EngineName } from '../engine/auto';
import type { Engine } from '../engine/engine';
import type { Network } from '../network/network';
import type { ExecutorName } from '../synapse/executor-named';
import type { RuleExecutor } from '../synapse/rule-executor';
import { makeTask, type Task } from '../tasks/task';
import { checkTaskFits } from './check-task-fits';
import type { ContrastiveRule } from './contrastive';
import type { FirstValues } from './learned-variables';
import type { MetaSettings } from './meta-update';
import { simulationSchema } from './option-schemas';

/** What a simulation is made of. */
export interface SimulationOptions {
  readonly network: Network;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  readonly meta: MetaSettings;
  /** Executes contrast and meta-update: an executor, or the name of one. Default `auto`: GPU.js, in float32; `plain` is float64. */
  readonly rules?: RuleExecutor | ExecutorName;
  /**
   * Executes the network: an engine, or the name of one. Default `auto`: the fastest that this machine has, in float32;
   * `reference` is float64. A named one is loaded at the first step.
   */
  readonly engine?: Engine | EngineName;
  /**
   * Hears, once for each kind, that a free or a nudged phase has not converged, and that float32 leaves a contrast too few
   * digits. Default: a warning of the process, of the name `MetaplastWarning`.
   */
  readonly warn?: (line: string) => void;
  /** Root seed of the first values of phi. Default 0. */
  readonly seed?: number;
  /**
   * First values; `phi` and `theta` are drawn from the stream `init` where they are left out, slow variables start as the synapse declares
   * (the complex one: omega at 0, lambda at 0.5).
   */
  readonly initial?: FirstValues;
  /** Where phi starts each free phase: at its first values, or at the end of the free phase before. Default `initial`. */
  readonly start?: 'initial' | 'continue';
  /** Inner steps that one step event stands for. Default 100. */
  readonly stride?: number;
  /**
   * Sweeps of neurons from one sweep event to the next, the forward pass (0) first; of the first step that each step event stands for. For networks whose credit
   * comes from neurons that settle. Each look at them takes about as long as the gradient that follows. Default: no such events.
   */
  readonly sweepStride?: number;
  /**
   * Threads that learn at the same time, by engines that can: an estimator's nudged phases side by side, and large batches in
   * parts; 1 to 64. The numbers, and what is told, are the same however many there are. Default 1: in this thread.
   */
  readonly workers?: number;
  /** Default: at once, with a pause for timers and signals every few milliseconds. Tests take a virtual one. */
  readonly scheduler?: SchedulerLike;
}

/** @throws InputError where an option is missing, unknown or not legal, or data do not fit the network. */
export function checkSimulationOptions(options: SimulationOptions): void {
  validate(simulationSchema, options, 'simulate()');
  const { network, task } = options;
  makeTask(task);
  checkTaskFits(network, task);
}
