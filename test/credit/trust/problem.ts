import { creditedEngine } from '../../../src/engine/credited-engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { contrastive } from '../../../src/learning/contrastive';
import { type Estimator, symmetric } from '../../../src/learning/estimators';
import { nesterov } from '../../../src/learning/optimizers';
import { creditNamed } from '../../../src/network/credit/credits';
import { plainExecutor } from '../../../src/synapse/plain-executor';
import type { TrustProblem } from '../../../src/theory/trust/trust-problem';
import { chainProblem } from '../problems';

interface Settings {
  readonly widths?: readonly number[];
  readonly estimator?: Estimator;
  readonly steps?: number;
  readonly lambda?: number;
  readonly seed?: number;
}

/** A network of two hidden layers whose credit is what these words name, as `--credit` takes them. */
export function creditedProblem(words: string, settings: Settings = {}): TrustProblem {
  const {
    widths = [1, 6, 6, 1],
    estimator = symmetric(0.01),
    steps = 1500,
    lambda = 0.4,
    seed = 2,
  } = settings;
  const before = widths.slice(1).map((_, l) => (l === 0 ? 'none' : 'tanh'));
  const { network, phi, batch, other } = chainProblem({ widths, before, samples: 5, seed });
  const phase = { optimizer: nesterov({ rate: 0.05 }), steps, tolerance: 1e-9 };
  return {
    ...{ network, engine: creditedEngine(referenceEngine, creditNamed(words)), rules: plainExecutor() },
    task: { name: 'points', train: batch, heldOut: other },
    rule: contrastive({ estimator, free: phase, nudged: phase }),
    slow: { omega: phi, lambda: new Float64Array(network.size).fill(lambda) },
    start: phi,
    seed: 1,
  };
}

/** The credit that an advice names. */
export function creditIn(words: string): string {
  const [, credit] = /credit:? (\S+?),?(?:\s|$)/.exec(words) ?? [];
  if (credit === undefined) throw new Error(`No credit is advised in "${words}"`);
  return credit;
}
