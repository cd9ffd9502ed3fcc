import type { Change } from './adjustable';
import { curvatureAtLeast, type EstimateError, gradientFloor, isGradient } from './estimate-error';
import { neuronsFarFromRest, neuronsThatSettle, sourcesWithLoss, weakerNudge } from './proposals-for-neurons';
import type { Trust } from './trust';
import type { PhaseEnd, PhaseOptimizer, TrustEvidence } from './trust-evidence';
import { faultsOf, toleratedError } from './verdict';

/** What each part of the error should come to: with the same for the other, the estimate is good with some room. */
const target = toleratedError / 4;

/** Of the rate x curvature that is just stable: where a rate is lowered to, and the most that one is raised to. */
const [safe, fast] = [0.5, 0.3];

/** Changes of one kind, to be tried in this order until one is good. */
export type Proposals = readonly Change[];

/**
 * What might mend a verdict, each with the size that theory gives for it, most plausible kind first. Rates and strengths keep
 * rate x (largest eigenvalue) below what is stable. Whether it helps is for a trial to say.
 */
export function proposalsFor({ evidence, error }: Trust, present: Change): Proposals[] {
  const given = { evidence, present };
  const farFromRest = neuronsFarFromRest(evidence, present);
  if (evidence.diverged !== null) return [...ifDiverged(given), ...farFromRest, lowerMetaRate(given)];
  if (!isGradient(evidence.field)) return sourcesWithLoss;
  if (error === null) return [...farFromRest, ...ifNoMinimum(given), lowerMetaRate(given)];
  return [...ifAtFault(given, error), lowerMetaRate(given)];
}

function ifAtFault(given: Given, error: EstimateError): Proposals[] {
  switch (faultsOf(error)[0]!) {
    case 'noisy':
      return ifNoisy(given, error);
    case 'biased':
      return ifBiased(given, error);
    case 'surrogate':
      return weakerNudge(given.evidence, given.present, error, target);
    case 'unsettled neurons':
      return ifUnsettled(given, error);
  }
}

/** Neurons that settle may have synapses whose loss is steeper, and rates that are stable no more. */
function ifUnsettled(given: Given, { neural }: EstimateError): Proposals[] {
  const settled = neuronsThatSettle(given.evidence, given.present, neural, target);
  const [rates = {}] = steadyRates(given);
  const slower = settled
    .slice(0, 2)
    .map((kind) => kind.slice(0, 1).map((change) => ({ ...change, ...rates })));
  return Object.keys(rates).length === 0 ? settled : [...settled, ...slower];
}

interface Given {
  readonly evidence: TrustEvidence;
  readonly present: Change;
}

/** A rate too high, a nudge too strong or of the wrong sign, a penalty too steep. */
function ifDiverged({ evidence, present }: Given): Proposals[] {
  const { beta } = evidence.diverged!;
  const kinds = beta === 0 ? (['free', 'nudged'] as const) : (['nudged'] as const);
  const steepest = evidence.startCurvature?.largest.value ?? Number.POSITIVE_INFINITY;
  const rates = [1, 10, 100].map((divisor) =>
    changeOf(
      kinds.map((kind) => {
        const rate = numberOf(present, `${kind}.rate`);
        const stable = stableRate(
          evidence[kind],
          steepest * (kind === 'nudged' ? 1 + Math.abs(nudge(evidence)) : 1),
        );
        const lower = stable < rate && stable > 0 ? safe * stable : rate / 4;
        return [`${kind}.rate`, roundedDown(Math.min(rate, lower) / divisor)];
      }),
    ),
  );
  const stable = stableRate(evidence.free, steepest) / numberOf(present, 'free.rate');
  const strengths =
    stable < 1 && stable > 0
      ? [{ strength: roundedDown(numberOf(present, 'strength') * safe * stable) }]
      : [];
  if (beta === 0) return [rates, strengths];
  const betas = [4, 16, 64].map((divisor) => ({ beta: rounded(numberOf(present, 'beta') / divisor) }));
  // Weaker nudges first: one that still diverges has cost next to nothing, where a lower rate may take all the gradients there are.
  return [...(beta < 0 ? [[{ estimator: 'forward' }]] : []), betas, rates, strengths];
}

/** A saddle on the way to a minimum is left by more steps; one that is there to stay is lifted by a stronger penalty. */
function ifNoMinimum(given: Given): Proposals[] {
  return [
    steadyRates(given),
    [4, 16].map((factor) => moreSteps(given, factor)),
    fasterPhases(given),
    strongerPenalty(given),
  ];
}

/** The bias goes as beta^q, the noise as 1/beta. */
function ifBiased({ evidence, present }: Given, { bias, noise }: EstimateError): Proposals[] {
  const { order, estimator } = evidence;
  const beta = numberOf(present, 'beta');
  const less = (bias / target) ** (1 / order);
  const balance = (noise / (order * bias)) ** (1 / (order + 1));
  const lower = { beta: rounded(beta / less) };
  const settled = settleBetter({ evidence, present }, (noise * less) / target);
  const others = ['symmetric', 'p3', 'p4'].filter((name) => name !== estimator && orderOfName(name) > order);
  return [
    noise * less > target ? [{ ...lower, ...settled }, lower] : [lower, { beta: rounded(beta / less / 4) }],
    ...(balance < 1 && Number.isFinite(balance) ? [[{ beta: rounded(beta * balance) }]] : []),
    ...others.map((name) => [{ estimator: name }, { estimator: name, beta: rounded(beta / 2) }]),
    strongerPenalty({ evidence, present }),
  ];
}

function ifNoisy(given: Given, error: EstimateError): Proposals[] {
  const { evidence, present } = given;
  const { settling, rounding, noise, bias } = error;
  const beta = numberOf(present, 'beta');
  const balance = (noise / (evidence.order * Math.max(bias, 1e-3))) ** (1 / (evidence.order + 1));
  const sign = Math.sign(beta);
  // Where phi has not moved at all, nothing says how much louder.
  const louder = Number.isFinite(noise)
    ? [beta * balance, beta * (noise / target)]
    : [0.01 * sign, 0.1 * sign];
  const stalled =
    rounding > settling || evidence.phases.every((phase) => phase.residual <= gradientFloor(evidence));
  const settle = [settleBetter(given, settling / target), moreSteps(given, 4), moreSteps(given, 16)];
  return [
    ...(evidence.precision === 'float32' && stalled ? [[{ engine: 'reference' }]] : []),
    ...(evidence.estimator === 'forward' ? [] : [[{ estimator: 'forward' }]]),
    ...(stalled ? [] : [steadyRates(given)]),
    // Noise is told with the smaller nudge's own settling: where the bias is large as well, a weaker nudge may mend both.
    ...(bias > target ? [[{ beta: rounded(beta * (target / bias) ** (1 / evidence.order)) }]] : []),
    louder.map((other) => ({ beta: rounded(other) })),
    ...[settle, fasterPhases(given)],
    strongerPenalty(given),
  ];
}

/** Lower rates for phases whose steps are no longer stable, or nearly so. */
function steadyRates({ evidence, present }: Given): Proposals {
  const steepest = evidence.curvature!.largest.value;
  const rates = (['free', 'nudged'] as const).map((kind) => {
    const stable = stableRate(
      evidence[kind],
      steepest * (kind === 'nudged' ? 1 + Math.abs(nudge(evidence)) : 1),
    );
    const isSteady = !(numberOf(present, `${kind}.rate`) > 0.8 * stable);
    return [`${kind}.rate`, isSteady ? Number.NaN : roundedDown(safe * stable)] as const;
  });
  return [changeOf(rates)];
}

/** More steps, and lower tolerances where these ended the phases, so that what is left of the gradient falls by a factor. */
function settleBetter({ evidence, present }: Given, factor: number): Change {
  return changeOf(
    (['free', 'nudged'] as const).flatMap((kind) => {
      const ends = evidence.phases.filter(({ beta }) => (beta === 0) === (kind === 'free'));
      const worst = ends.reduce<PhaseEnd | null>(
        (most, end) => (most === null || share(end) > share(most) ? end : most),
        null,
      );
      if (worst === null || factor <= 1) return [];
      const steps = worst.steps + stepsToLose(evidence, evidence[kind], factor);
      const more: [keyof Change, number][] =
        steps > worst.budget ? [[`${kind}.steps`, roundedUp(steps)]] : [];
      if (worst.tolerance === 0 || worst.residual > worst.tolerance) return more;
      const tolerance = numberOf(present, `${kind}.tolerance`);
      return [...more, [`${kind}.tolerance`, roundedDown(tolerance / factor)] as const];
    }),
  );
}

const share = ({ weight, residual }: PhaseEnd): number => weight * residual;

/** The slowest direction, of curvature mu, loses rate mu/(1 - momentum) of its error a step. */
function stepsToLose(evidence: TrustEvidence, { rate, momentum }: PhaseOptimizer, factor: number): number {
  return rate === null ? 0 : (Math.log(factor) * (1 - momentum)) / (rate * curvatureAtLeast(evidence));
}

function moreSteps({ present }: Given, factor: number): Change {
  const steps = (kind: 'free' | 'nudged') =>
    [`${kind}.steps`, roundedUp(factor * numberOf(present, `${kind}.steps`))] as const;
  return changeOf([steps('free'), steps('nudged')]);
}

/** The highest rates that are stable with some room; momentum, where there is none. */
function fasterPhases({ evidence, present }: Given): Proposals {
  const kinds = ['free', 'nudged'] as const;
  const steepest = evidence.curvature!.largest.value;
  const rates = kinds.map((kind) => {
    const most =
      fast * stableRate(evidence[kind], steepest * (kind === 'nudged' ? 1 + Math.abs(nudge(evidence)) : 1));
    return [`${kind}.rate`, roundedDown(most)] as const;
  });
  const isFaster = rates.every(([name, rate]) => rate > 2 * numberOf(present, name) && Number.isFinite(rate));
  const momentum = kinds.map((kind) => [`${kind}.momentum`, 0.9] as const);
  const hasNone = kinds.every((kind) => present[`${kind}.momentum`] === 0);
  return [...(isFaster ? [changeOf(rates)] : []), ...(hasNone ? [changeOf(momentum)] : [])];
}

/**
 * A stronger penalty raises the smallest eigenvalue by as much, and the largest as well: as far as the rates allow, then far above the
 * data's own curvature with rates to match.
 */
function strongerPenalty({ evidence, present }: Given): Proposals {
  const { curvature, penaltyCurvature } = evidence;
  const strength = numberOf(present, 'strength');
  const [steepest, penalty] = [curvature!.largest.value, Math.max(penaltyCurvature!, 0)];
  if (!Number.isFinite(strength) || penalty === 0) return [];
  const data = Math.max(steepest - penalty, penalty);
  const room = Math.min(
    ...(['free', 'nudged'] as const).map(
      (kind) => safe * (stableBelow(evidence[kind]) / numberOf(present, `${kind}.rate`)),
    ),
  );
  const withinRates =
    room - data > 2 * penalty && Number.isFinite(room)
      ? [{ strength: rounded(strength * ((room - data) / penalty)) }]
      : [];
  return [
    ...withinRates,
    ...[3, 30].flatMap((factor): Change[] => {
      const raised = factor * data;
      if (raised <= 2 * penalty) return [];
      const rate = (kind: 'free' | 'nudged') => {
        const most =
          safe *
          stableRate(evidence[kind], data * (kind === 'nudged' ? 1 + Math.abs(nudge(evidence)) : 1) + raised);
        return [`${kind}.rate`, roundedDown(Math.min(most, numberOf(present, `${kind}.rate`)))] as const;
      };
      return [changeOf([['strength', rounded((strength * raised) / penalty)], rate('free'), rate('nudged')])];
    }),
  ];
}

/** Where meta-learning has thrown the slow variables so far that nothing settles any more. */
function lowerMetaRate({ present }: Given): Proposals {
  const rate = numberOf(present, 'metaRate');
  return Number.isFinite(rate)
    ? [3, 10, 30, 100, 300, 1000, 3000].map((divisor) => ({ metaRate: rounded(rate / divisor) }))
    : [];
}

/** The strongest nudge of the judged estimate. */
function nudge({ phases, beta }: TrustEvidence): number {
  return Math.max(Math.abs(beta), ...phases.map((phase) => Math.abs(phase.beta)));
}

const stableBelow = ({ stableBelow }: PhaseOptimizer): number => stableBelow ?? Number.POSITIVE_INFINITY;

/** The rate that is just stable at a curvature; Infinity for an optimiser that has no such bound. */
const stableRate = (optimizer: PhaseOptimizer, curvature: number): number =>
  stableBelow(optimizer) / curvature;

/** The order of estimators that are offered. */
const orderOfName = (name: string): number => (name === 'symmetric' ? 2 : Number(name.slice(1)) - 1);

/** NaN where there is no such setting, or its value is no number. */
function numberOf(present: Change, name: keyof Change): number {
  const value = present[name];
  return typeof value === 'number' ? value : Number.NaN;
}

/** Without settings whose new value is no number: they are not there, or have no bound. */
function changeOf(entries: readonly (readonly [keyof Change | string, number])[]): Change {
  return Object.fromEntries(entries.filter(([, value]) => Number.isFinite(value) && value !== 0));
}

/** One digit: theory gives no more. */
function rounded(value: number): number {
  return Number(value.toPrecision(1));
}

function roundedDown(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(1));
}

function roundedUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}
