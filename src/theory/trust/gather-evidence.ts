import { innerHessian } from '../../baselines/inner-hessian';
import { type ExtremeEigenvalues, extremeEigenvalues } from '../../baselines/lanczos';
import { KinkError, MetaplastError } from '../../core/errors';
import { norm } from '../../core/norm';
import { RandomStreams } from '../../core/random';
import { yieldToEventLoop } from '../../core/yield-to-event-loop';
import type { Session } from '../../engine/engine';
import type { ContrastiveRule } from '../../learning/contrastive';
import { type Estimator, nudgedLess, orderOf } from '../../learning/estimators';
import type { Optimizer } from '../../learning/optimizers';
import type { TaskResult } from '../../learning/task-learner';
import type { Credit } from '../../network/credit/credit';
import { callKernel } from '../../synapse/plain-executor';
import type { Quantities } from '../../synapse/rule-executor';
import { agreementByVariable } from './agreement-by-variable';
import { measureAsymmetry } from './asymmetry';
import { CountedSessions } from './counted-sessions';
import { hasMinimum, isGradient, noiseOf } from './estimate-error';
import { estimate } from './estimate-once';
import { measureField } from './measure-field';
import { compareNeurons, neuronEvidence } from './measure-neurons';
import { settleNeurons } from './settle-neurons';
import type { PhaseEnd, PhaseOptimizer, TrustEvidence } from './trust-evidence';
import { checkTrustProblem, type TrustProblem, withOwnCredit } from './trust-problem';

/** The smaller nudge is that much smaller at the most, and by no more than leaves this much noise in it. */
const largestFactor = 64;
const noiseOfSmaller = 0.05;

/**
 * Measures what can be known about a contrastive meta-gradient without a full Hessian: the judged estimate, the ends of the Hessian's
 * spectrum by Lanczos, and, where there is a minimum, the estimate at a smaller nudge, with phases of its own; where neurons settle, the same
 * with neurons that have, and with those at a smaller b. Of updates that no loss is known for, what they are beside the gradient.
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
export async function measure(given: TrustProblem): Promise<Measured> {
  checkTrustProblem(given);
  const problem = withOwnCredit(given);
  const { network, rule, engine } = problem;
  const { estimator } = rule;
  const { credit } = network;
  const probe = await engine.probe();
  const sessions = new CountedSessions(engine);
  try {
    const session = await sessions.open(network);
    const { result: own, diverged } = await estimate(problem, session, estimator);
    const free = own?.equilibria.get(0) ?? null;
    const field = own !== null && isUnknown(credit) ? await measureField(problem, free!, session) : null;
    const settled = credit.surrogate && (await settle(problem, free ?? problem.start, { session, sessions }));
    // The loss of neurons that have settled has a Hessian; what others follow may have none.
    const curved = settled?.session ?? session;
    const evidence: TrustEvidence = {
      estimator: estimator.name,
      beta: estimator.beta,
      order: orderOf(estimator),
      phases: own === null ? [] : phaseEnds(own, rule),
      ...(await curvatureOrKink(isGradient(field ?? undefined) ? free : null, problem, curved)),
      startCurvature: own === null ? await startCurvature(problem, curved) : null,
      phiNorm: free && norm(free),
      displacement: own && displacement(own, estimator),
      precision: probe.available ? probe.precision : 'float64',
      loss: own === null ? null : own.loss,
      smaller: null,
      diverged,
      free: optimizerOf(rule.free),
      nudged: optimizerOf(rule.nudged),
      ...(settled && { neurons: settled.neurons }),
      ...(field && { field }),
      strengths: network.synapse.nonNegative,
      work: sessions.work,
    };
    const compared =
      own !== null && hasMinimum(evidence)
        ? await compare(problem, own, evidence, { session, sessions })
        : {};
    const metaGradient = own === null ? null : own.metaGradient;
    return { evidence: { ...evidence, ...compared, work: sessions.work }, metaGradient };
  } finally {
    await sessions.close();
  }
}

/** Whether nothing says what a source of credit is the gradient of. */
const isUnknown = ({ kind, surrogate }: Credit): boolean => kind !== 'backprop' && surrogate === undefined;

interface Sessions {
  /** Of the judged problem. */
  readonly session: Session;
  readonly sessions: CountedSessions;
}

/** How neurons settle at some phi, with a session in which they have, and what is wrong with the products of the Hessian there. */
async function settle(problem: TrustProblem, at: Float64Array, { session, sessions }: Sessions) {
  const { network, task, seed = 0 } = problem;
  const surrogate = network.credit.surrogate!;
  const rest = await settleNeurons(problem, surrogate, at, { own: session, sessions });
  const { antisymmetric } = await measureAsymmetry(
    (vector) => rest.finest.session.hessianVector(task.train, vector),
    network.size,
    new RandomStreams(seed).stream('asymmetry'),
  );
  const neurons = neuronEvidence(network.credit.kind, surrogate, rest, antisymmetric);
  return { neurons, session: rest.finest.session };
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

type Compared = Pick<TrustEvidence, 'smaller' | 'neurons' | 'diverged'>;

/** The same meta-gradient at a nudge that is smaller by as much as noise allows, by half at the least; and by neurons that have settled. */
async function compare(
  problem: TrustProblem,
  own: TaskResult,
  evidence: TrustEvidence,
  { session, sessions }: Sessions,
): Promise<Compared> {
  const { slow, learned = Object.keys(slow), rule } = problem;
  const { settling, rounding } = noiseOf(evidence);
  const room = Math.log2(noiseOfSmaller / (settling + rounding));
  const factor = 2 ** Math.floor(Math.min(Math.log2(largestFactor), Math.max(1, room)));
  const { result, diverged } = await estimate(problem, session, nudgedLess(rule.estimator, factor));
  const smaller = {
    factor,
    agreement: result && agreementByVariable(own.metaGradient, result.metaGradient, learned),
  };
  const { neurons } = evidence;
  if (neurons === undefined) return { smaller, diverged };
  const { surrogate } = problem.network.credit;
  const all = { ...evidence, neurons };
  return { smaller, neurons: await compareNeurons(problem, own, all, surrogate!, sessions), diverged };
}

function optimizerOf({ optimizer }: { optimizer: Optimizer }): PhaseOptimizer {
  const { settings, stableBelow = null } = optimizer;
  return { rate: settings.rate ?? null, momentum: settings.decay ?? 0, stableBelow };
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
