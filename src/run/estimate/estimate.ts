import { implicitGradient, relativeError } from '../../baselines/implicit';
import { InputError, NoExactGradientError } from '../../core/errors';
import { validate } from '../../core/validate';
import { type EngineName, engineNamed } from '../../engine/auto';
import type { Engine } from '../../engine/engine';
import { engineOrNameSchema } from '../../engine/engine-schema';
import { type ContrastiveRule, contrastive } from '../../learning/contrastive';
import { type Estimator, estimatorSchema } from '../../learning/estimators';
import { sgd } from '../../learning/optimizers';
import { convergenceWarnings, neuronWarnings } from '../../learning/phase-warnings';
import { type Simulation, simulate } from '../../learning/simulator';
import { plainExecutor } from '../../synapse/plain-executor';
import { type Problem, problemSchema } from './problem';

/** Arrays or numbers for omega and for lambda; in learning by modulation for theta, the whole weights, too. */
export interface ByVariable<T> {
  readonly theta?: T;
  readonly omega: T;
  readonly lambda: T;
}

/** What `metaplast estimate --json` prints. */
export interface Estimate {
  readonly estimator: string;
  readonly beta: number;
  readonly engine: string;
  readonly metaGradient: ByVariable<number[]>;
  /** By the implicit function theorem; null where there is none, and `exactRefused` says why. */
  readonly exact: ByVariable<number[]> | null;
  readonly exactRefused: string | null;
  readonly relativeError: ByVariable<number | null> | null;
  /** Norm of the augmented loss's gradient at the end of each phase. */
  readonly residual: {
    readonly free: number;
    readonly nudged: number[];
    /** How far from rest neurons were left at the ends of phases; where credit comes from neurons that settle. */
    readonly neurons?: number[];
  };
  readonly warnings: string[];
}

/**
 * The meta-gradient of one problem by an estimator, in float64, beside the exact one at the free phase's end.
 * @param engine An engine, or the name of one; one of float64, for what it says of precision to hold.
 * @throws DivergenceError where a phase diverges; InputError where an argument is not legal.
 */
export async function estimate(
  problem: Problem,
  estimator: Estimator,
  engine: Engine | EngineName,
): Promise<Estimate> {
  validate(problemSchema, problem, 'the problem of estimate');
  validate(estimatorSchema, estimator, 'the estimator of estimate');
  validate(engineOrNameSchema, engine, 'the engine of estimate');
  const opened = typeof engine === 'string' ? await engineNamed(engine) : engine;
  const { network, task, initial, free, nudged, optimizerState } = problem;
  const rule = contrastive({ estimator, free, nudged, optimizerState });
  const simulation = simulate({
    network,
    task,
    initial,
    engine: opened,
    rules: plainExecutor(),
    rule,
    meta: { optimizer: sgd({ rate: 1 }), learn: [] },
    stride: 1000,
    // Each is in what is printed.
    warn: () => {},
  });
  try {
    return await estimateBeside(simulation, rule, estimator, opened.name);
  } finally {
    await simulation.close();
  }
}

/** The estimate of a simulation, beside the exact meta-gradient at its free equilibrium. */
async function estimateBeside(
  simulation: Simulation,
  rule: ContrastiveRule,
  estimator: Estimator,
  engine: string,
): Promise<Estimate> {
  const { network, task } = simulation;
  const { train, heldOut } = task;
  const result = await simulation.estimate();
  const warnings = [
    ...convergenceWarnings(result.phases, rule),
    ...neuronWarnings(result.phases, network.credit),
  ];
  const slow = {
    omega: simulation.population.values('omega'),
    lambda: simulation.population.values('lambda'),
  };
  let exact: Record<string, Float64Array> | null = null;
  let exactRefused: string | null = null;
  try {
    const phi = result.equilibria.get(0)!;
    const session = await simulation.open();
    const implicit = await implicitGradient({ network, session, train, heldOut, phi, slow });
    exact = implicit.metaGradient;
    if (network.meta.size > 0 && exact.theta === undefined) {
      exact = null;
      exactRefused = `Engine "${engine}" has no cross derivatives by whole weights. Take --engine reference.`;
    }
  } catch (error) {
    // An InputError says that the network is too large for a full Hessian.
    if (!(error instanceof NoExactGradientError || error instanceof InputError)) throw error;
    exactRefused = error.message;
  }
  const { metaGradient } = result;
  const byVariable = <T>(make: (variable: 'theta' | 'omega' | 'lambda') => T): ByVariable<T> => ({
    ...(network.meta.size > 0 ? { theta: make('theta') } : {}),
    omega: make('omega'),
    lambda: make('lambda'),
  });
  const neurons = result.phases.flatMap(({ neuralResidual }) => neuralResidual ?? []);
  const [freeEnd, ...nudgedEnds] = result.phases.map(({ residual }) => residual);
  return {
    estimator: estimator.name,
    beta: estimator.beta,
    engine,
    metaGradient: byVariable((variable) => [...metaGradient[variable]!]),
    exact: exact && byVariable((variable) => [...exact[variable]!]),
    exactRefused,
    relativeError:
      exact && byVariable((variable) => relativeError(metaGradient[variable]!, exact[variable]!)),
    residual: { free: freeEnd!, nudged: nudgedEnds, ...(neurons.length > 0 ? { neurons } : {}) },
    warnings,
  };
}
