import { z } from 'zod';
import { InputError } from '../core/errors';
import { validate } from '../core/validate';
import type { EngineName } from '../engine/auto';
import type { Engine } from '../engine/engine';
import type { Network } from '../network/network';
import type { ExecutorName } from '../synapse/executor-named';
import type { RuleExecutor } from '../synapse/rule-executor';
import { taskSchema } from '../tasks/task';
import type { Episode, TaskStream } from '../tasks/task-stream';
import { checkTaskFits } from './check-task-fits';
import type { FirstValues } from './learned-variables';
import type { MetaLearner } from './meta-learner';
import type { MetaSettings } from './meta-update';
import { streamLearnerSchema } from './option-schemas';
import type { TaskHost } from './workers/task-host';

/** What a learner over a stream of tasks is made of. */
export interface StreamLearnerOptions {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly stream: TaskStream;
  readonly meta: MetaSettings;
  /** Tasks whose meta-gradients are averaged, in task order, for one meta-update; 1 or more. */
  readonly batch: number;
  /** An engine, or the name of one. */
  readonly engine: Engine | EngineName;
  /** Executes the meta-update; or its name, `gpujs` or `plain`. */
  readonly rules: RuleExecutor | ExecutorName;
  readonly seed?: number;
  /** First values, as for a simulation; the anchor starts at the first values of phi where it is left out. */
  readonly initial?: FirstValues;
  /**
   * Threads that learn tasks at the same time, 1 to 64, each with a learner of its own that is made there as it was made here; where a
   * meta-batch is one task, its nudged phases are shared out, by engines that can. The numbers, and what is reported, are the same
   * however many there are. Default 1: in this thread. So it is, with a warning, where the learner cannot be made in a thread: give what
   * functions of your own make by `fromModule`.
   */
  readonly workers?: number;
  /** Who learns whole tasks in place of threads, such as workers on other machines (`queueHost`): whatever the meta-batch's size. Default: threads, by `workers`. */
  readonly host?: TaskHost;
  /** Paths of files that each worker loads first: what registers layers or engines of your own. Default: none. */
  readonly files?: readonly string[];
  /** A bad episode or one that diverges is an error, instead of being skipped with a warning. Default false. */
  readonly strict?: boolean;
  /** Hears of warnings: of a task that was skipped, or of workers that have no use. Default: Node's own `process.emitWarning`. */
  readonly warn?: (line: string, about: 'task' | 'workers') => void;
}

/** @throws InputError where an option is missing, unknown or not legal. */
export function checkStreamLearnerOptions(options: StreamLearnerOptions): void {
  validate(streamLearnerSchema, options, 'the options of a StreamLearner');
}

/**
 * Checks what a StreamLearner is to be judged by.
 * @throws InputError where a task does not fit the network, or the numbers of steps do not ascend.
 */
export function checkEvaluation(network: Network, tasks: readonly Episode[], steps: readonly number[]): void {
  validate(z.array(taskSchema), tasks, 'the tasks of evaluate()');
  validate(z.array(z.int().min(0)), steps, 'the steps of evaluate()');
  if (steps.some((count, i) => i > 0 && count <= steps[i - 1]!)) {
    const legal = 'whole numbers, each larger than the one before';
    throw new InputError({ what: 'The steps of evaluate() do not ascend', got: steps, legal });
  }
  for (const task of tasks) checkTaskFits(network, task);
}
