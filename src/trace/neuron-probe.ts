import { z } from 'zod';
import { dataIn, type RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { distinctWholes, made, validate } from '../core/validate';
import type { NeuralCourse, NeuronLayer } from '../learning/neural-course';
import { npyBytes } from './npy-bytes';

/** One neuron: the unit that synapses `layer:from:unit` end on. */
export interface NeuronPlace {
  /** Index, in the network, of the layer whose synapses end on it. */
  readonly layer: number;
  readonly unit: number;
}

/** Which neurons: all that settle, those of a layer, or one by one. */
export type NeuronSelection =
  | 'all'
  | { readonly layer: number; readonly unit?: number }
  | readonly NeuronPlace[];

/** Of which neurons to record the state s, in which samples, as they settle. A value: it does nothing until a recorder is made from it. */
export interface NeuronProbe {
  readonly neurons: NeuronSelection;
  /** Samples of the batch that the neurons see, counted from 0; a batch without such a sample leaves NaN. Default: the first. */
  readonly samples?: readonly number[];
  /** As neurons settle, sweep by sweep, before each chunk of inner steps: on training data, in nudged phases on what is replayed too. */
  readonly at: 'sweep';
  /** After 0, n, 2n, ... sweeps, n a multiple of the simulation's `sweepStride`. Default: each that is reported. */
  readonly every?: number;
  /** Only in this phase, 0 being the free one. Default: in all phases. */
  readonly phase?: number;
}

const selectionInWords = '"all", { layer, unit } (unit may be left out), or a list of such';
const whole = z.int().min(0);
const place = z.strictObject({ layer: whole, unit: whole });
const selection = z.union([
  z.literal('all'),
  z.strictObject({ layer: whole, unit: whole.optional() }),
  z.array(place),
]);

const probeSchema = z.strictObject({
  neurons: made<NeuronSelection>(selectionInWords, (value) => selection.safeParse(value).success),
  samples: distinctWholes.optional(),
  at: z.literal('sweep'),
  every: z.int().min(1).optional(),
  phase: whole.optional(),
});

/** Whether a probe is of neurons, and not of synapses. */
export const isNeuronProbe = (probe: { readonly at: unknown }): probe is NeuronProbe => probe?.at === 'sweep';

/**
 * The neurons that a selection means, in the network's order.
 * @throws InputError where one does not exist, or it means none.
 */
export function selectNeurons(layers: readonly NeuronLayer[], selection: NeuronSelection): NeuronPlace[] {
  const all = layers.flatMap(({ layer, neurons }) =>
    Array.from({ length: neurons }, (_, unit) => ({ layer, unit })),
  );
  if (selection === 'all') return all;
  const wanted = (Array.isArray(selection) ? selection : [selection]) as readonly Partial<NeuronPlace>[];
  const means = (one: Partial<NeuronPlace>) => (neuron: NeuronPlace) =>
    one.layer === neuron.layer && (one.unit === undefined || one.unit === neuron.unit);
  const missing = wanted.find((one) => !all.some(means(one)));
  if (missing !== undefined || wanted.length === 0) {
    throw new InputError({
      what: 'A probe asks for neurons that do not exist',
      got: missing ?? 'none',
      legal: layers.map(({ layer, neurons }) => `layer ${layer} with units 0 to ${neurons - 1}`).join(', '),
    });
  }
  return all.filter((neuron) => wanted.some((one) => means(one)(neuron)));
}

/**
 * @param neural What is reported of neurons, by whom the probe is to record.
 * @throws InputError where nothing is, or `every` does not fit it, or the probe is not legal.
 */
export function checkNeuronProbe(probe: NeuronProbe, neural: NeuralCourse | undefined): NeuralCourse {
  validate(probeSchema, probe, 'the probe');
  if (neural === undefined) {
    throw new InputError({
      what: 'A probe asks for sweeps of neurons, and none are reported',
      got: 'at: "sweep"',
      legal: 'a simulation with sweepStride, of a network whose credit comes from neurons that settle',
      advice: 'Give simulate() or contrastiveLearner() a sweepStride',
    });
  }
  const { every = neural.stride } = probe;
  if (every % neural.stride !== 0) {
    throw new InputError({
      what: 'A probe asks for sweeps that are not reported one by one',
      got: every,
      legal: `multiples of the sweepStride, ${neural.stride}`,
      advice: 'Lower the sweepStride of the simulation',
    });
  }
  return neural;
}

/**
 * The most bytes that the two files of a probe can take in a run, heads included; phases that settle early take fewer.
 * @param neural What is reported of the neurons; the plan says it too, where it is of the same simulation.
 * @throws InputError where an argument is not legal.
 */
export function mostNeuronBytes(
  probe: NeuronProbe,
  neural: NeuralCourse | undefined,
  { plan, tasks }: RunPlan,
): number {
  const { sweeps, stride, layers } = checkNeuronProbe(probe, neural);
  const { every = stride, samples = [0] } = probe;
  const frames = Math.floor(sweeps / every) + 1;
  const chunks = plan.phases.reduce(
    (sum, { beta, steps }, phase) =>
      probe.phase !== undefined && probe.phase !== phase
        ? sum
        : sum + Math.ceil(steps / plan.stride) * dataIn(beta).length,
    0,
  );
  const rows = tasks * chunks * frames;
  const row = [samples.length, selectNeurons(layers, probe.neurons).length];
  return npyBytes(row, rows) + npyBytes([sweepColumns.length], rows);
}

/** When such a probe records, for people: `every 5 sweeps`. */
export const describeSweeps = (every: number): string =>
  every === 1 ? 'at each sweep' : `every ${every} sweeps`;

/** What each row of the companion `NAME.when.npy` of such a trace says, column by column. */
export const sweepColumns = ['task', 'phase', 'beta', 'step', 'sweep', 'on'] as const;

/** The unit of each of its columns. */
export const sweepUnits = [
  'index from 0',
  'index from 0 in the task; 0 is free',
  'nudging strength; 0 is free',
  'inner steps since the phase began',
  'sweeps since the forward pass, which is 0',
  'what the neurons see: 0 is training data, 1 what is replayed',
] as const;
