import { z } from 'zod';
import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import type { Optimizer } from '../learning/optimizers';
import { adaptationSchema } from './adaptation-schema';
import { implicitLearner } from './implicit-learner';
import { innerHessian } from './inner-hessian';
import { neumannSeries } from './neumann-series';

/** Settings of implicit differentiation by a Neumann series (Lorraine et al. 2020). */
export interface NeumannOptions {
  /** Moves phi towards the minimum of L + R. */
  readonly optimizer: Optimizer;
  readonly steps: number;
  /** Terms of the series; with one, its direction is that of T1T2. */
  readonly terms: number;
  /** Below 2 / (largest eigenvalue of the inner Hessian), or the series has no limit. */
  readonly seriesRate: number;
}

const neumannOptions = adaptationSchema.extend({ terms: z.int().min(1), seriesRate: z.number().positive() });

/**
 * Implicit differentiation by a Neumann series (Lorraine et al. 2020): as iMAML, with the inverse Hessian replaced by
 * rate sum_k (I - rate H)^k.
 * @throws InputError where an option is not legal.
 */
export function neumann(options: NeumannOptions): MetaLearner {
  const { optimizer, steps, terms, seriesRate } = validate(neumannOptions, options, 'the options of neumann');
  const learner = implicitLearner('neumann', { optimizer, steps }, (context, gradient, phi) => {
    const { network, session, episode, slow } = context;
    const multiply = innerHessian({ network, session, train: episode.train, phi, slow });
    return neumannSeries(multiply, gradient, { terms, rate: seriesRate });
  });
  return madeBy('src/baselines/neumann', 'neumann', [{ optimizer, steps, terms, seriesRate }], learner);
}
