import { z } from 'zod';
import { type ImplicitGradient, implicitGradient } from '../baselines/implicit';
import { anAbortSignal, validate } from '../core/validate';
import { engineOrNameSchema } from '../engine/engine-schema';
import { contrastive, type PhaseSettings, phaseSettingsSchema } from '../learning/contrastive';
import type { Estimator } from '../learning/estimators';
import { sgd } from '../learning/optimizers';
import { firstValuesSchema } from '../learning/option-schemas';
import type { SimulationOptions } from '../learning/simulation-options';
import { type Simulation, simulate } from '../learning/simulator';
import { networkSchema } from '../network/network';
import { plainExecutor } from '../synapse/plain-executor';
import { taskSchema } from '../tasks/task';

type Problem = Pick<SimulationOptions, 'network' | 'task' | 'initial' | 'seed' | 'engine'>;

/** Where the exact meta-gradient is asked for, and how exactly. */
export interface ExactAtMinimumOptions extends Problem {
  /** A free phase as the learner has it: it decides which minimum is meant, where there are several. */
  readonly approach: PhaseSettings;
  /** Goes on from its end, with empty buffers, to the minimum itself. */
  readonly search: PhaseSettings;
  readonly signal?: AbortSignal;
}

/** The exact meta-gradient at a strict minimum, with what shows that it is one. */
export interface ExactAtMinimum extends ImplicitGradient {
  /** The minimum of the inner loss. */
  readonly phi: Float64Array;
  /** Norm of the inner loss's gradient there. */
  readonly residual: number;
  /** Whether the search has reached its tolerance. */
  readonly converged: boolean;
  /** Steps that the search took. */
  readonly steps: number;
}

const exactOptions = z.strictObject({
  network: networkSchema,
  task: taskSchema,
  initial: firstValuesSchema.optional(),
  seed: z.int().min(0).optional(),
  engine: engineOrNameSchema.optional(),
  approach: phaseSettingsSchema,
  search: phaseSettingsSchema,
  signal: anAbortSignal.optional(),
});

/**
 * The exact meta-gradient (see `implicitGradient`) at the minimum of the inner loss that a learner's free phase would end at,
 * had it the time.
 * @throws NoMinimumError where the search does not end at a strict minimum; DivergenceError where a phase diverges;
 *   Interruption where the signal is aborted; InputError where an option is not legal.
 */
export async function exactAtMinimum(options: ExactAtMinimumOptions): Promise<ExactAtMinimum> {
  validate(exactOptions, options, 'the options of exactAtMinimum');
  const { approach, search, signal, ...problem } = options;
  const { network, task, initial } = problem;
  const { train, heldOut } = task;
  const learner = freePhaseOf(problem, approach);
  const near = await learner.estimate(signal).finally(() => learner.close());
  const searcher = freePhaseOf(
    { ...problem, initial: { ...initial, [network.synapse.fast]: near.equilibria.get(0)! } },
    search,
  );
  try {
    const { equilibria, phases } = await searcher.estimate(signal);
    const { population } = searcher;
    const phi = equilibria.get(0)!;
    const slow = Object.fromEntries(network.synapse.meta.map((name) => [name, population.values(name)]));
    const exact = await implicitGradient({
      network,
      session: await searcher.open(),
      train,
      heldOut,
      phi,
      slow,
      signal,
    });
    const { residual, converged, steps } = phases[0]!;
    return { ...exact, phi, residual, converged, steps };
  } finally {
    await searcher.close();
  }
}

/** The phases of a task whose held-out data is never replayed. */
const noNudgedPhase: Estimator = { name: 'none', beta: 0, betas: [], terms: [] };

function freePhaseOf(problem: Problem, phase: PhaseSettings): Simulation {
  const rule = contrastive({ estimator: noNudgedPhase, free: phase, nudged: phase });
  const meta = { optimizer: sgd({ rate: 1 }), learn: [] };
  const { engine = 'reference' } = problem;
  // Whether the search has converged is in the result; the approach need not.
  return simulate({ ...problem, engine, rule, meta, rules: plainExecutor(), warn: () => {} });
}
