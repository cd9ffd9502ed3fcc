import { z } from 'zod';
import { InputError } from '../core/errors';
import { validate } from '../core/validate';
import type { Network } from '../network/network';
import { runningLayout } from '../network/running-statistics';

/** By which mean and variance batch norm evaluates: those of the batch at hand, or those that ran along while phi settled. */
export type Statistics = 'batch' | 'running';

/** How a batch is evaluated. */
export interface EvaluateOptions {
  /**
   * `batch` (default): each sample's output depends on the samples beside it, in few-shot learning the convention. `running`: it does
   * not. Networks without batch norm give the same by either.
   */
  readonly statistics?: Statistics;
}

const evaluateOptions = z.strictObject({ statistics: z.enum(['batch', 'running']).default('batch') });

/**
 * The statistics that somebody asks for.
 * @throws InputError where they are none.
 */
export function askedStatistics(options: EvaluateOptions = {}): Statistics {
  return validate(evaluateOptions, options, 'the options of evaluate()').statistics;
}

/**
 * For engines that keep no running statistics.
 * @throws InputError where somebody asks for them of a network with batch norm, or the options are not legal.
 */
export function checkBatchStatistics(engine: string, network: Network, options?: EvaluateOptions): void {
  if (askedStatistics(options) === 'batch' || runningLayout(network).size === 0) return;
  throw new InputError({
    what: `The engine ${engine} keeps no running statistics of batch norm`,
    got: 'running',
    legal: 'batch',
    advice: "Evaluate by statistics: 'batch', or on the engines simd and reference",
  });
}
