import { z } from 'zod';
import { innerHessian } from '../../baselines/inner-hessian';
import { type ExtremeEigenvalues, extremeEigenvalues } from '../../baselines/lanczos';
import { allFinite, ofLength } from '../../core/checks';
import { DivergenceError, InputError, KinkError, MetaplastError } from '../../core/errors';
import { norm } from '../../core/norm';
import { RandomStreams } from '../../core/random';
import { asapScheduler } from '../../core/rxjs-parts';
import { anAbortSignal, distinctNames, float64ArraySchema, validate } from '../../core/validate';
import { yieldToEventLoop } from '../../core/yield-to-event-loop';
import { CountedSession } from '../../engine/counted-session';
import { type Engine, metaWeights, type Session } from '../../engine/engine';
import { engineSchema } from '../../engine/engine-schema';
import { type ContrastiveRule, contrastiveRuleSchema } from '../../learning/contrastive';
import { type Estimator, nudgedLess, orderOf } from '../../learning/estimators';
import type { Optimizer } from '../../learning/optimizers';
import { runTask } from '../../learning/run-task';
import type { TaskResult } from '../../learning/task-learner';
import { checkBatchFits, type Network, networkSchema } from '../../network/network';
import { callKernel } from '../../synapse/plain-executor';
import { Population } from '../../synapse/population';
import { executorSchema, type Quantities, type RuleExecutor } from '../../synapse/rule-executor';
import { makeTask, type Task, taskSchema } from '../../tasks/task';
import { agreement } from './agreement';
import { hasMinimum, noiseOf } from './estimate-error';
import type { Diverged, PhaseEnd, PhaseOptimizer, TrustEvidence } from './trust-evidence';

/** Steps between two looks at the event loop, so that progress and signals go on. */
const stride = 100;

/** The smaller nudge is that much smaller at the most, and by no more than leaves this much noise in it. */
const largestFactor = 64;
const noiseOfSmaller = 0.05;

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

const trustProblem = z.looseObject({
  network: networkSchema,
  task: taskSchema,
  rule: contrastiveRuleSchema,
  slow: z.record(z.string(), float64ArraySchema),
  start: float64ArraySchema,
  learned: distinctNames.optional(),
  engine: engineSchema,
  rules: executorSchema,
  seed: z.int().min(0).optional(),
  lanczosSteps: z.int().min(1).optional(),
  signal: anAbortSignal.optional(),
});

/** @throws InputError where the problem is not legal, or its parts do not fit each other. */
function checkTrustProblem(problem: TrustProblem): void {
  validate(trustProblem, problem, 'the problem whose meta-gradient is to be judged');
  const { network, task, slow, start, learned = [] } = problem;
  makeTask(task);
  for (const set of [task.train, task.heldOut]) checkBatchFits(network, set, task.name);
  const sizes = slowSizes(network);
  ofLength('start', start, network.size);
  for (const [name, size] of Object.entries(sizes)) {
    const values = Object.hasOwn(slow, name) ? slow[name]! : [];
    ofLength(`slow.${name}`, values, size);
    allFinite(`slow.${name}`, values);
  }
  for (const name of learned) {
    if (Object.hasOwn(sizes, name)) continue;
    throw new InputError({
      what: 'There is no such slow variable',
      got: name,
      legal: Object.keys(sizes).join(', '),
    });
  }
}

/** How many entries each variable has that learns between tasks. */
function slowSizes({ synapse, size, meta }: Network): Readonly<Record<string, number>> {
  const own = synapse.meta.map((name) => [name, size] as const);
  return Object.fromEntries(meta.size > 0 ? [...own, [metaWeights, meta.size] as const] : own);
}

/**
 * Measures what can be known about a contrastive meta-gradient without a full Hessian: the judged estimate, the ends of the Hessian's
 * spectrum by Lanczos, and, where there is a minimum, the estimate at a smaller nudge, with phases of its own.
 * @throws Interruption where the signal is aborted.
 */
export async function gatherEvidence(problem: TrustProblem): Promise<TrustEvidence> {
  return (await measure(problem)).evidence;
}

/** What was measured, with the judged estimate itself; null where it diverged. */
export interface Measured {
  readonly evidence: TrustEvidence;
  readonly metaGradient: Quantities | null;
}

/** The same, with the estimate itself. */
export async function measure(problem: TrustProblem): Promise<Measured> {
  checkTrustProblem(problem);
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
      ...(await curvatureOrKink(free, problem, session)),
      startCurvature: own === null ? await startCurvature(problem, session) : null,
      phiNorm: free && norm(free),
      displacement: own && displacement(own, estimator),
      precision: probe.available ? probe.precision : 'float64',
      loss: own === null ? null : own.loss,
      smaller: null,
      diverged,
      free: optimizerOf(rule.free),
      nudged: optimizerOf(rule.nudged),
      strengths: network.synapse.nonNegative,
      work: session.work,
    };
    const compared =
      own !== null && hasMinimum(evidence) ? await compare(problem, session, own, evidence) : {};
    const metaGradient = own === null ? null : own.metaGradient;
    return { evidence: { ...evidence, ...compared, work: { ...session.work } }, metaGradient };
  } finally {
    await session.close();
  }
}

/** The loss of the held-out data at the end of a free phase alone; null where that diverges. */
export async function heldOutLossOf(problem: TrustProblem): Promise<number | null> {
  const session = await problem.engine.open(problem.network);
  try {
    const none = { name: 'none', beta: 0, betas: [], terms: [] };
    return (await estimate(problem, session, none)).result?.loss.heldOut ?? null;
  } finally {
    await session.close();
  }
}

/** The same meta-gradient at a nudge that is smaller by as much as noise allows, by half at the least. */
async function compare(
  problem: TrustProblem,
  session: Session,
  own: TaskResult,
  evidence: TrustEvidence,
): Promise<Pick<TrustEvidence, 'smaller' | 'diverged'>> {
  const { slow, learned = Object.keys(slow), rule } = problem;
  const { settling, rounding } = noiseOf(evidence);
  const room = Math.log2(noiseOfSmaller / (settling + rounding));
  const factor = 2 ** Math.floor(Math.min(Math.log2(largestFactor), Math.max(1, room)));
  const { result, diverged } = await estimate(problem, session, nudgedLess(rule.estimator, factor));
  const agreementOf = (variable: string) =>
    agreement(own.metaGradient[variable]!, result!.metaGradient[variable]!);
  const agreements = () =>
    Object.fromEntries(learned.map((variable) => [variable, agreementOf(variable)] as const));
  return { smaller: { factor, agreement: result && agreements() }, diverged };
}

function optimizerOf({ optimizer }: { optimizer: Optimizer }): PhaseOptimizer {
  const { settings, stableBelow = null } = optimizer;
  return { rate: settings.rate ?? null, momentum: settings.decay ?? 0, stableBelow };
}

type Attempt =
  | { readonly result: TaskResult; readonly diverged: null }
  | { readonly result: null; readonly diverged: Diverged };

/** One estimate by phases of its own, or where it diverged. */
async function estimate(problem: TrustProblem, session: Session, estimator: Estimator): Promise<Attempt> {
  const { network, task, slow, start, rules, signal } = problem;
  // What is judged is where phases end.
  const free = { ...problem.rule.free, residualAtEnd: true };
  const nudged = { ...problem.rule.nudged, residualAtEnd: true };
  const rule = { ...problem.rule, estimator, free, nudged };
  try {
    const result = await runTask({
      session,
      population: new Population(network.synapse, network.topology),
      ...{ network, slow, task, rules, rule, start, signal },
      listener: { next() {} },
      update: null,
      index: 0,
      stride,
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
  const product = innerHessian({ network, session, train: task.train, phi, slow });
  const multiply = async (vector: Float64Array) => {
    await yieldToEventLoop();
    return product(vector);
  };
  const random = new RandomStreams(seed).stream('lanczos');
  // A tenth of the eigenvalue is more than a verdict needs.
  return extremeEigenvalues(multiply, { size: network.size, random, steps: lanczosSteps, tolerance: 0.1 });
}

/** The curvatures where a free phase ended; where that is a kink, there are none. */
async function curvatureOrKink(
  free: Float64Array | null,
  problem: TrustProblem,
  session: Session,
): Promise<Pick<TrustEvidence, 'curvature' | 'penaltyCurvature' | 'kink'>> {
  if (free === null) return { curvature: null, penaltyCurvature: null };
  try {
    const curvature = await curvatureAt(free, problem, session);
    return { curvature, penaltyCurvature: smallestPenaltyCurvature(free, problem) };
  } catch (error) {
    if (!(error instanceof KinkError)) throw error;
    return { curvature: null, penaltyCurvature: null, kink: error.where };
  }
}

/** Null where the loss is so steep there that its curvature is no finite number. */
async function startCurvature(problem: TrustProblem, session: Session): Promise<ExtremeEigenvalues | null> {
  try {
    return await curvatureAt(problem.start, problem, session);
  } catch (error) {
    if (error instanceof MetaplastError) return null;
    throw error;
  }
}

function smallestPenaltyCurvature(phi: Float64Array, { network, slow }: TrustProblem): number {
  const { synapse, size } = network;
  const curvature = new Float64Array(size);
  callKernel(synapse.curvature, { ...slow, [synapse.fast]: phi }, {}, curvature);
  return curvature.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
}
