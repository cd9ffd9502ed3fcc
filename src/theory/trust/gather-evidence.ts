import { asapScheduler } from 'rxjs';
import { innerHessian } from '../../baselines/inner-hessian';
import { DivergenceError } from '../../core/errors';
import { norm } from '../../core/norm';
import { RandomStreams } from '../../core/random';
import { CountedSession } from '../../engine/counted-session';
import type { Engine, Session } from '../../engine/engine';
import type { ContrastiveRule } from '../../learning/contrastive';
import { type Estimator, forward, halved, orderOf, symmetric } from '../../learning/estimators';
import { runTask } from '../../learning/run-task';
import type { TaskResult } from '../../learning/task-learner';
import type { Network } from '../../network/network';
import { callKernel } from '../../synapse/plain-executor';
import { Population } from '../../synapse/population';
import type { Quantities, RuleExecutor } from '../../synapse/rule-executor';
import type { Task } from '../../tasks/task';
import { type ExtremeEigenvalues, extremeEigenvalues } from '../lanczos';
import { type Agreement, agreement } from './agreement';
import { hasMinimum } from './estimate-error';
import type { Diverged, PhaseEnd, TrustEvidence } from './trust-evidence';

/** A meta-gradient that is to be judged: one task, learned by a rule, at given slow variables. */
export interface TrustProblem {
  readonly network: Network;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  /** The slow variables, by name; they stay as they are. */
  readonly slow: Quantities;
  /** phi at the start of the free phase. */
  readonly start: Float64Array;
  /** The slow variables whose gradients are used. Default: all. */
  readonly learned?: readonly string[];
  readonly engine: Engine;
  /** Executes the contrast. */
  readonly rules: RuleExecutor;
  /** Root seed of the random start of Lanczos. Default 0. */
  readonly seed?: number;
  /** Hessian-vector products at the most. Default 300. */
  readonly lanczosSteps?: number;
  readonly signal?: AbortSignal;
}

/**
 * Measures what can be known about a contrastive meta-gradient without a full Hessian: the judged estimate, the ends of the Hessian's
 * spectrum by Lanczos, and, where there is a minimum, the estimate at half its nudge and by an estimator of another order, each
 * with phases of its own.
 * @throws Interruption where the signal is aborted.
 */
export async function gatherEvidence(problem: TrustProblem): Promise<TrustEvidence> {
  const { network, rule, engine } = problem;
  const { estimator } = rule;
  const probe = await engine.probe();
  const session = new CountedSession(await engine.open(network));
  try {
    const { result: own, diverged } = await estimate(problem, session, estimator);
    const free = own?.equilibria.get(0) ?? null;
    const evidence: TrustEvidence = {
      estimator: estimator.name,
      beta: estimator.beta,
      order: orderOf(estimator),
      phases: own === null ? [] : phaseEnds(own, rule),
      curvature: free && (await curvatureAt(free, problem, session)),
      penaltyCurvature: free && smallestPenaltyCurvature(free, problem),
      phiNorm: free && norm(free),
      displacement: own && displacement(own, estimator),
      precision: probe.available ? probe.precision : 'float64',
      halved: null,
      other: null,
      diverged,
      rate: rule.free.optimizer.settings.rate ?? null,
      momentum: rule.free.optimizer.settings.decay ?? 0,
      strengths: network.synapse.nonNegative,
      work: session.work,
    };
    const compared = own !== null && hasMinimum(evidence) ? await compare(problem, session, own) : {};
    return { ...evidence, ...compared, work: { ...session.work } };
  } finally {
    await session.close();
  }
}

/** The same meta-gradient at half the nudge, and by another estimator. */
async function compare(
  problem: TrustProblem,
  session: Session,
  own: TaskResult,
): Promise<Pick<TrustEvidence, 'halved' | 'other' | 'diverged'>> {
  const { slow, learned = Object.keys(slow), rule } = problem;
  const agreements = ({ metaGradient }: TaskResult): Record<string, Agreement> => {
    const of = (variable: string) => agreement(own.metaGradient[variable]!, metaGradient[variable]!);
    return Object.fromEntries(learned.map((variable) => [variable, of(variable)]));
  };
  const lower = halved(rule.estimator);
  const half = await estimate(problem, session, lower);
  // Half the nudge, where a negative one is the safer, and a bias of higher order the smaller.
  const second = rule.estimator.name === 'symmetric' ? forward(lower.beta) : symmetric(lower.beta);
  const other = await estimate(problem, session, second);
  return {
    halved: half.result && agreements(half.result),
    other: {
      ...{ estimator: second.name, beta: second.beta, order: orderOf(second) },
      agreement: other.result && agreements(other.result),
      residual: other.result && Math.max(...other.result.phases.map(({ residual }) => residual)),
    },
    diverged: half.diverged,
  };
}

type Attempt =
  | { readonly result: TaskResult; readonly diverged: null }
  | { readonly result: null; readonly diverged: Diverged };

/** One estimate by phases of its own, or where it diverged. */
async function estimate(problem: TrustProblem, session: Session, estimator: Estimator): Promise<Attempt> {
  const { network, task, rule, slow, start, rules, signal } = problem;
  try {
    const result = await runTask({
      session,
      population: new Population(network.synapse, network.topology),
      ...{ network, slow, task, rules, start, signal },
      rule: { ...rule, estimator },
      listener: { next() {} },
      update: null,
      index: 0,
      stride: Math.max(rule.free.steps, rule.nudged.steps),
      scheduler: asapScheduler,
    });
    return { result, diverged: null };
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    const { beta, step } = error.moment;
    return { result: null, diverged: { beta, step } };
  }
}

function phaseEnds({ phases }: TaskResult, { estimator, free, nudged }: ContrastiveRule): PhaseEnd[] {
  const weightOf = (beta: number): number =>
    estimator.terms
      .filter((term) => term.nudged === beta || term.reference === beta)
      .reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
  return phases.map(({ beta, steps, residual, tolerance }) => {
    const budget = (beta === 0 ? free : nudged).steps;
    return { beta, steps, budget, residual, tolerance, weight: weightOf(beta) };
  });
}

/** The estimator's own finite difference, of phi. */
function displacement({ equilibria }: TaskResult, { terms }: Estimator): number {
  const sum = new Float64Array(equilibria.get(0)!.length);
  for (const { nudged, reference, coefficient } of terms) {
    const [to, from] = [equilibria.get(nudged)!, equilibria.get(reference)!];
    for (let i = 0; i < sum.length; i++) sum[i]! += coefficient * (to[i]! - from[i]!);
  }
  return norm(sum);
}

async function curvatureAt(
  phi: Float64Array,
  { network, task, slow, seed = 0, lanczosSteps = 300 }: TrustProblem,
  session: Session,
): Promise<ExtremeEigenvalues> {
  await session.write(network.synapse.fast, phi);
  const multiply = innerHessian({ network, session, train: task.train, phi, slow });
  const random = new RandomStreams(seed).stream('lanczos');
  // A tenth of the eigenvalue is more than a verdict needs.
  return extremeEigenvalues(multiply, { size: network.size, random, steps: lanczosSteps, tolerance: 0.1 });
}

function smallestPenaltyCurvature(phi: Float64Array, { network, slow }: TrustProblem): number {
  const { synapse, size } = network;
  const curvature = new Float64Array(size);
  callKernel(synapse.curvature, { ...slow, [synapse.fast]: phi }, {}, curvature);
  return curvature.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
}
