import { referenceEngine } from '../../engine/reference/reference-engine';
import { type ContrastiveRule, contrastive, type PhaseSettings } from '../../learning/contrastive';
import { estimatorNamed } from '../../learning/estimators';
import { nesterov, type Optimizer, sgd } from '../../learning/optimizers';
import type { Adjustable, Change } from '../../theory/trust/adjustable';
import { type TrustProblem, withOwnCredit } from '../../theory/trust/trust-problem';
import { creditPresent, withCreditOf } from './adjustable-credit';

/** A judged problem whose rule was made in a script: what is advised is named as `contrastive` takes it. */
export function adjustableRule(given: TrustProblem): Adjustable {
  const problem = withOwnCredit(given);
  const { rule, engine } = problem;
  const present: Record<string, number | string> = {
    ...{ estimator: rule.estimator.name, beta: rule.estimator.beta, engine: engine.name },
    ...settingsOf('free', rule.free),
    ...settingsOf('nudged', rule.nudged),
    ...creditPresent(problem),
  };
  return {
    ...{ problem, present, begin: null },
    at: (slow) => ({ ...problem, slow }),
    change(change) {
      const { engine: other, ...settings } = change;
      const words = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
      if (other !== undefined) words.push(`engine: ${other}`);
      return {
        words: words.join(', '),
        problem: {
          ...withCreditOf(change, problem),
          rule: changedRule(rule, change),
          ...(other === 'reference' ? { engine: referenceEngine } : {}),
        },
      };
    },
  };
}

function settingsOf(kind: string, { optimizer, steps, tolerance }: Required<PhaseSettings>) {
  const { rate } = optimizer.settings;
  return {
    ...{ [`${kind}.steps`]: steps, [`${kind}.tolerance`]: tolerance },
    ...(rate === undefined || optimizer.withRate === undefined ? {} : { [`${kind}.rate`]: rate }),
    ...(momentumOf(optimizer) === null ? {} : { [`${kind}.momentum`]: momentumOf(optimizer)! }),
  };
}

/** Of gradient descent and Nesterov's momentum; null for any other optimiser. */
function momentumOf({ name, settings }: Optimizer): number | null {
  return name === 'sgd' || name === 'nesterov' ? (settings.decay ?? 0) : null;
}

function changedRule(rule: ContrastiveRule, change: Change): ContrastiveRule {
  const { estimator } = rule;
  const name = String(change.estimator ?? estimator.name);
  const beta = Number(change.beta ?? estimator.beta);
  const phase = (kind: 'free' | 'nudged'): PhaseSettings => {
    const { optimizer, steps, tolerance, residualAtEnd } = rule[kind];
    const value = (of: 'rate' | 'momentum' | 'steps' | 'tolerance', otherwise: number) =>
      Number(change[`${kind}.${of}`] ?? otherwise);
    return {
      optimizer: changedOptimizer(
        optimizer,
        value('rate', optimizer.settings.rate!),
        change[`${kind}.momentum`],
      ),
      steps: value('steps', steps),
      tolerance: value('tolerance', tolerance),
      residualAtEnd,
    };
  };
  const { optimizerState } = rule;
  return contrastive({
    estimator: estimatorNamed(name, beta),
    free: phase('free'),
    nudged: phase('nudged'),
    optimizerState,
  });
}

function changedOptimizer(
  optimizer: Optimizer,
  rate: number,
  momentum: number | string | undefined,
): Optimizer {
  if (momentum === undefined) return rate === optimizer.settings.rate ? optimizer : optimizer.withRate!(rate);
  return Number(momentum) === 0 ? sgd({ rate }) : nesterov({ rate, momentum: Number(momentum) });
}
