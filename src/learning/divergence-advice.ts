import { roundOff } from '../core/errors';
import { norm } from '../core/norm';
import type { Batch } from '../data/batch';
import { infinitePull } from '../synapse/derivatives-at';
import { type DivergedPhase, passes } from './diverged-phase';
import { neuronAdvice } from './neuron-advice';
import { readQuantities } from './read-quantities';
import { type SteepestCurvature, steepestCurvature } from './steepest-curvature';

/** What the rate is divided by, one after the other, until nothing runs away. */
const divisors = [1, 10, 1e3, 1e7, 1e15];

/** Inputs above this are in units of their own. */
const largeInput = 100;

/**
 * What to change where a phase has diverged. On a kink of infinite slope, no rate. Otherwise, what is named was tried from the phase's beginning, for its budget or 500 steps. Before the
 * first step, it is the scale of the numbers; a negative nudge can lose the minimum; neurons that settle may be the cause, where the exact gradient does well; any other cause is the rate, which must stay below
 * what the steepest curvature allows, or a loss that curves downwards.
 */
export async function divergenceAdvice(phase: DivergedPhase): Promise<string> {
  const { session, network, beta, optimizer } = phase;
  const diverged = await session.read(network.synapse.fast);
  const infinite = Number.isFinite(phase.residual) ? null : await whereInfinite(phase);
  if (infinite !== null) {
    return `No learning rate can help there: ${infinite}. ${roundOff}, or start elsewhere`;
  }
  await phase.restart();
  if (!Number.isFinite(phase.firstResidual)) return scaleAdvice(phase);
  if (beta < 0 && (await passes(phase, optimizer, beta / 10))) {
    const forward = (await passes(phase, optimizer, -beta))
      ? ', or a forward estimator with a beta above 0'
      : '';
    return (
      'A negative nudge is safe only while L_in + beta L_out keeps its minimum: ' +
      `try beta = ${Number((beta / 10).toPrecision(6))}${forward}`
    );
  }
  const ofNeurons = await neuronAdvice(phase);
  if (ofNeurons !== null) return ofNeurons;
  await phase.restart();
  const start = await session.read(network.synapse.fast);
  const steepest = await steepestCurvature(
    phase,
    diverged.map((value, i) => value - start[i]!),
  );
  return rateAdvice(phase, steepest);
}

/** Where the phase came to a gradient that is no finite number, if the cause is a penalty whose derivative is infinite there, or none. */
async function whereInfinite(phase: DivergedPhase): Promise<string | null> {
  const { session, optimizer: inner, beta, train, replay, stepsBefore, budget, firstResidual } = phase;
  await phase.restart();
  // With a tolerance, though none is reached, no engine goes a step beyond the last gradient.
  await session.settle({
    ...{ inner, beta, train, replay, stepsTaken: stepsBefore, steps: budget, tolerance: Number.MIN_VALUE },
    ...(Number.isFinite(firstResidual) ? { firstResidual } : {}),
  });
  const { synapse } = phase.network;
  const quantities = await readQuantities(session, synapse);
  return infinitePull(synapse, quantities);
}

async function rateAdvice(phase: DivergedPhase, steepest: SteepestCurvature): Promise<string> {
  const { optimizer, beta } = phase;
  const { rate } = optimizer.settings;
  const curvature = `the steepest curvature is ${short(steepest.value)}${await whySteep(phase, steepest)}`;
  if (steepest.value < 0) {
    return `No learning rate can help where the loss curves downwards: ${curvature}. Check that it has a minimum`;
  }
  if (rate === undefined || optimizer.withRate === undefined) {
    return `Try a lower learning rate: ${curvature}`;
  }
  const stable = (optimizer.stableBelow ?? Number.POSITIVE_INFINITY) / steepest.value;
  const tooHigh = stable < rate;
  const rates = divisors.map((divisor) => roundedDown((tooHigh ? stable / 2 : rate / 10) / divisor));
  for (const lower of rates) {
    if (!(await passes(phase, optimizer.withRate(lower), beta))) continue;
    const bound = `: ${curvature}, where rates below ${short(stable)} are stable`;
    return `Try a learning rate of ${lower} (it was ${rate})${tooHigh ? bound : ''}`;
  }
  return (
    `Lower learning rates of ${rates.join(', ')} were tried, and learning runs away as well (it was ${rate}): ${curvature}. ` +
    'Check that the loss has a minimum'
  );
}

/** What makes the loss steep, where that can be said. */
async function whySteep(phase: DivergedPhase, { value, penalty }: SteepestCurvature): Promise<string> {
  if (penalty > Math.abs(value) / 2) {
    const strengths = await strengthsOf(phase);
    return strengths === '' ? " (the penalty's)" : ` (the penalty's: ${strengths})`;
  }
  const input = largest(phase.train.x);
  return input > largeInput
    ? ` (of data in units of their own, with inputs of up to ${short(input)}; standardise them)`
    : '';
}

/** At the first gradient no rate has been at work yet. */
async function scaleAdvice(phase: DivergedPhase): Promise<string> {
  const { session, network, train, replay, beta } = phase;
  const gradients = [await session.gradient(train)];
  if (replay !== null && beta !== 0) gradients.push(await session.gradient(replay));
  const [size] = gradients.map(norm).sort((a, b) => b - a);
  const data = await dataScale(phase, train);
  const unknown = gradients.some((gradient) => !gradient.every(Number.isFinite));
  // Float32 has no square of more than 3.4e38; with float64 the data's gradient is no cause unless it is not finite itself.
  const overflows = unknown || (session.engine !== 'reference' && size! > 1e18);
  if (!overflows) {
    const strengths = await strengthsOf(phase);
    return `No learning rate can help before the first step: the penalty's pull on ${network.synapse.fast} is no finite number${strengths === '' ? '' : ` (${strengths})`}`;
  }
  const gradient = unknown ? 'a gradient that is no finite number' : `a gradient of norm ${short(size!)}`;
  const elsewhere = session.engine === 'reference' ? '' : ', or take the engine reference, which is float64';
  const precision = session.engine === 'reference' ? 'float64' : 'float32, whose largest number is 3.4e38,';
  return (
    `No learning rate can help before the first step: ${data} make ${gradient}, and ${precision} cannot hold its square. ` +
    `Standardise the data (mean 0, variance 1)${elsewhere}`
  );
}

async function dataScale({ session, network }: DivergedPhase, { x, y }: Batch): Promise<string> {
  const { fast } = network.synapse;
  const parts = [
    `inputs of up to ${short(largest(x))}`,
    ...(network.loss.targets === 'values' ? [`targets of up to ${short(largest(y))}`] : []),
    `${fast} of up to ${short(largest(await session.read(fast)))}`,
  ];
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** "lambda of up to 300". */
async function strengthsOf({ session, network }: DivergedPhase): Promise<string> {
  const parts: string[] = [];
  for (const name of network.synapse.nonNegative) {
    parts.push(`${name} of up to ${short(largest(await session.read(name)))}`);
  }
  return parts.join(', ');
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => (Math.abs(value) > most || Number.isNaN(value) ? Math.abs(value) : most), 0);

function short(value: number): string {
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(2)));
}

/** To one digit. */
function roundedDown(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(1));
}
