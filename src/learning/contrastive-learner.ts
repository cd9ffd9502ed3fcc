import { z } from 'zod';
import { madeBy } from '../core/origin';
import { asapScheduler } from '../core/rxjs-parts';
import { validate } from '../core/validate';
import { metaWeights } from '../engine/engine';
import { type Network, networkSchema } from '../network/network';
import type { ExecutorName } from '../synapse/executor-named';
import { executorOrNameSchema } from '../synapse/executor-schema';
import { GivenExecutor } from '../synapse/given-executor';
import type { RuleExecutor } from '../synapse/rule-executor';
import { type ContrastiveRule, contrastiveRuleSchema } from './contrastive';
import type { MetaLearner } from './meta-learner';
import { runTask } from './run-task';

/** Settings of a learner by the contrastive rule over a stream of tasks. */
export interface ContrastiveLearnerOptions {
  readonly network: Network;
  readonly rule: ContrastiveRule;
  /** Executes the contrast: an executor, or the name of one, which is opened at the first task. */
  readonly rules: RuleExecutor | ExecutorName;
  /** Inner steps that one step event stands for. Default: a whole phase. */
  readonly stride?: number;
  /** Sweeps of neurons from one sweep event to the next, where credit comes from neurons that settle. Default: no such events. */
  readonly sweepStride?: number;
}

const learnerOptions = z.strictObject({
  network: networkSchema,
  rule: contrastiveRuleSchema,
  rules: executorOrNameSchema,
  stride: z.int().min(1).optional(),
  sweepStride: z.int().min(1).optional(),
});

/**
 * The contrastive rule on streams: each task in its phases by the clock, held-out data by replay.
 * @throws InputError where an option is not legal.
 */
export function contrastiveLearner(options: ContrastiveLearnerOptions): MetaLearner {
  const { network, rule, rules, stride, sweepStride } = validate(
    learnerOptions,
    options,
    'the options of contrastiveLearner',
  );
  const executor = new GivenExecutor(rules);
  const wholePhase = Math.max(rule.free.steps, rule.nudged.steps);
  return madeBy(
    'src/learning/contrastive-learner',
    'contrastiveLearner',
    [{ network, rule, rules, stride, ...(sweepStride === undefined ? {} : { sweepStride }) }],
    {
      name: 'contrastive',
      adaptation: rule.free.optimizer,
      regularised: true,
      terms: rule.estimator.terms,
      stride: stride ?? wholePhase,
      ...(sweepStride === undefined ? {} : { sweepStride }),
      learns: [...network.synapse.meta, ...(network.meta.size > 0 ? [metaWeights] : [])],
      // In the network as it is learned: an engine may give it another credit.
      async learn({
        network: credited,
        session,
        population,
        slow,
        episode,
        start,
        listener,
        signal,
        beside,
        statistics = false,
      }) {
        const result = await runTask({
          network: credited,
          session,
          population,
          slow,
          task: episode,
          rule,
          rules: await executor.open(),
          start,
          listener: listener ?? { next() {} },
          update: null,
          index: episode.index,
          stride: stride ?? wholePhase,
          sweepStride,
          scheduler: asapScheduler,
          ...{ signal, beside, statistics, heard: listener !== undefined },
        });
        const { metaGradient, loss, equilibria, phases, runningStatistics } = result;
        return {
          metaGradient,
          heldOutLoss: loss.heldOut,
          phi: equilibria.get(0)!,
          phases,
          runningStatistics,
        };
      },
      close: () => executor.close(),
    },
  );
}
