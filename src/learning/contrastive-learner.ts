import { asapScheduler } from 'rxjs';
import { metaWeights } from '../engine/engine';
import type { Network } from '../network/network';
import type { RuleExecutor } from '../synapse/rule-executor';
import type { ContrastiveRule } from './contrastive';
import type { MetaLearner } from './meta-learner';
import { runTask } from './run-task';

export interface ContrastiveLearnerOptions {
  readonly network: Network;
  readonly rule: ContrastiveRule;
  /** Executes the contrast. */
  readonly rules: RuleExecutor;
  /** Inner steps that one step event stands for. Default: a whole phase. */
  readonly stride?: number;
}

/** The contrastive rule on streams: each task in its phases by the clock, held-out data by replay. */
export function contrastiveLearner({ network, rule, rules, stride }: ContrastiveLearnerOptions): MetaLearner {
  const wholePhase = Math.max(rule.free.steps, rule.nudged.steps);
  return {
    name: 'contrastive',
    adaptation: rule.free.optimizer,
    regularised: true,
    stride: stride ?? wholePhase,
    learns: [...network.synapse.meta, ...(network.meta.size > 0 ? [metaWeights] : [])],
    async learn({ session, population, slow, episode, start, listener, signal, beside }) {
      const result = await runTask({
        network,
        session,
        population,
        slow,
        task: episode,
        rule,
        rules,
        start,
        listener: listener ?? { next() {} },
        update: null,
        index: episode.index,
        stride: stride ?? wholePhase,
        scheduler: asapScheduler,
        ...{ signal, beside, heard: listener !== undefined },
      });
      const { metaGradient, loss, phases } = result;
      return { metaGradient, heldOutLoss: loss.heldOut, phases };
    },
  };
}
