import { z } from 'zod';
import { DivergenceError, InputError, UnstableNeuronsError } from '../core/errors';
import { aFunction, anAbortSignal, validate } from '../core/validate';
import { engineOrNameSchema } from '../engine/engine-schema';
import { contrast } from '../learning/contrast';
import { type ContrastiveRule, contrastive } from '../learning/contrastive';
import { type Estimator, estimatorSchema } from '../learning/estimators';
import { type Optimizer, optimizerSchema, sgd } from '../learning/optimizers';
import { firstValuesSchema } from '../learning/option-schemas';
import type { SimulationOptions } from '../learning/simulation-options';
import { simulate } from '../learning/simulator';
import { networkSchema } from '../network/network';
import type { ExecutorName } from '../synapse/executor-named';
import { executorOrNameSchema } from '../synapse/executor-schema';
import { GivenExecutor } from '../synapse/given-executor';
import type { RuleExecutor } from '../synapse/rule-executor';
import { taskSchema } from '../tasks/task';

/** Which phases a sweep runs. */
export interface PhaseSweepOptions
  extends Pick<SimulationOptions, 'network' | 'task' | 'initial' | 'seed' | 'engine'> {
  /** Executes the contrast: an executor, or the name of one. */
  readonly rules: RuleExecutor | ExecutorName;
  /** Moves phi in both kinds of phase; every nudged phase starts with empty buffers. */
  readonly optimizer: Optimizer;
  /** Steps of the free phase. */
  readonly free: number;
  /** After how many steps of the nudged phases an estimate is made, ascending. */
  readonly nudged: readonly number[];
  /** The estimator of one nudging strength. */
  readonly estimator: (beta: number) => Estimator;
  /** Nudging strengths, ascending. */
  readonly betas: readonly number[];
  readonly signal?: AbortSignal;
}

const sweepOptions = z.strictObject({
  network: networkSchema,
  task: taskSchema,
  initial: firstValuesSchema.optional(),
  seed: z.int().min(0).optional(),
  engine: engineOrNameSchema.optional(),
  rules: executorOrNameSchema,
  optimizer: optimizerSchema,
  free: z.int().min(1),
  nudged: z.array(z.int().min(1)),
  estimator: aFunction<PhaseSweepOptions['estimator']>(),
  betas: z.array(z.number()),
  signal: anAbortSignal.optional(),
});

/** The estimate of one nudging strength and one length of the nudged phases. */
export interface SweptEstimate {
  readonly beta: number;
  /** Steps of each nudged phase. */
  readonly nudged: number;
  /** The largest norm of the augmented loss's gradient at the ends of its nudged phases. */
  readonly residual: number;
  /** One entry a synapse, by slow variable. */
  readonly metaGradient: Readonly<Record<string, Float64Array>>;
}

/** Where a phase had come to, and the norm of the augmented loss's gradient there. */
export interface SweptPhase {
  readonly phi: Float64Array;
  readonly residual: number;
}

/** The ends of a free phase and of nudged ones by many strengths, from one start. */
export interface PhaseSweep {
  readonly free: SweptPhase;
  /** Those whose phases stayed within bounds, strength by strength. */
  readonly estimates: readonly SweptEstimate[];
  /** The strength whose phase diverged, after which the sweep went no further; null where none did. */
  readonly divergedAt: number | null;
}

/**
 * Estimates of one task's meta-gradient (Eq. 4) at many nudging strengths and lengths of the nudged phases, after one
 * free phase. Each nudged phase runs once, to the greatest length, and is contrasted at each of the lengths; the
 * numbers are those of simulations that make one estimate each.
 * @throws DivergenceError where the free phase diverges; InputError where lengths or strengths do not ascend;
 *   Interruption where the signal is aborted.
 */
export async function sweepPhases(options: PhaseSweepOptions): Promise<PhaseSweep> {
  validate(sweepOptions, options, 'the options of sweepPhases');
  const { free, nudged, betas, signal, network, task, initial, seed, engine = 'reference' } = options;
  ascending('steps of the nudged phases', nudged);
  ascending('nudging strengths', betas);
  const estimators = betas.map((beta) =>
    validate(estimatorSchema, options.estimator(beta), `the estimator of strength ${beta}`),
  );
  const given = new GivenExecutor(options.rules);
  const rules = await given.open();
  const simulation = simulate({
    ...{ network, task, initial, seed, engine, rules },
    // Phases of so many steps are what is swept: their residuals are in the result.
    warn: () => {},
    rule: sweepRule(options),
    meta: { optimizer: sgd({ rate: 1 }), learn: [] },
    stride: nudged.reduce(greatestCommonDivisor, free),
  });
  const { population } = simulation;
  const ends = new Map<string, SweptPhase>();
  simulation.events$.subscribe((event) => {
    if (event.kind !== 'step') return;
    const steps = event.first + event.count;
    if (event.beta === 0 ? steps !== free : !nudged.includes(steps)) return;
    const phi = population.values(network.synapse.fast).slice();
    ends.set(moment(event.beta, steps), { phi, residual: event.residual });
  });
  try {
    const divergedAt = await divergence(simulation.estimate(signal));
    const start = ends.get(moment(0, free))!;
    const slow = Object.fromEntries(network.synapse.meta.map((name) => [name, population.values(name)]));
    const estimates: SweptEstimate[] = [];
    for (const { beta, betas: strengths, terms } of estimators) {
      for (const steps of nudged) {
        const reached = strengths.map((strength) => ends.get(moment(strength, steps)));
        if (!reached.every((end) => end !== undefined)) continue;
        const equilibria = new Map([[0, start.phi]]);
        reached.forEach(({ phi }, i) => {
          equilibria.set(strengths[i]!, phi);
        });
        const residual = Math.max(...reached.map((end) => end.residual));
        const metaGradient = contrast(network.synapse, terms, equilibria, slow, rules);
        estimates.push({ beta, nudged: steps, residual, metaGradient });
      }
    }
    return { free: start, estimates, divergedAt };
  } finally {
    await simulation.close();
    await given.close();
  }
}

const moment = (beta: number, steps: number): string => `${steps} steps at ${beta}`;

/** The phases of a sweep: every one of its estimators', each once. It contrasts nothing: that is done afterwards, at each length. */
export function sweepRule({
  free,
  nudged,
  betas,
  optimizer,
  estimator,
}: Pick<PhaseSweepOptions, 'free' | 'nudged' | 'betas' | 'optimizer' | 'estimator'>): ContrastiveRule {
  const phase = { optimizer, tolerance: 0 };
  const strengths = [...new Set(betas.flatMap((beta) => estimator(beta).betas))];
  return contrastive({
    estimator: { name: 'sweep', beta: strengths[0]!, betas: strengths, terms: [] },
    free: { ...phase, steps: free },
    nudged: { ...phase, steps: nudged.at(-1)! },
  });
}

/** The strength whose nudged phase diverged. A free phase that diverges leaves nothing to contrast. */
async function divergence(learning: Promise<unknown>): Promise<number | null> {
  try {
    await learning;
    return null;
  } catch (error) {
    const ranAway = error instanceof DivergenceError || error instanceof UnstableNeuronsError;
    const beta = ranAway ? (error.moment?.beta ?? 0) : 0;
    if (beta !== 0) return beta;
    throw error;
  }
}

function ascending(name: string, values: readonly number[]): void {
  if (values.length > 0 && values.every((value, i) => i === 0 || value > values[i - 1]!)) return;
  throw new InputError({
    what: `The ${name} do not ascend`,
    got: values,
    legal: 'one or more, each larger than the one before',
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
