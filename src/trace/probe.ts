import { z } from 'zod';
import { checkRunPlan, type RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { distinctNames, made, validate } from '../core/validate';
import { type Population, populationSchema } from '../synapse/population';
import type { Synapse } from '../synapse/synapse';
import { topologyInWords } from '../synapse/topology';
import type { AccountColumn } from './account-columns';
import { npyBytes } from './npy-bytes';

/** Which synapses: indices, a part of one layer, or whatever a test says of each synapse. */
export type SynapseSelection =
  | 'all'
  | readonly number[]
  | {
      readonly layer: number;
      readonly parameter?: string;
      readonly from?: number | null;
      /** Place in a kernel. */
      readonly depth?: number;
      readonly row?: number;
      readonly column?: number;
      readonly to?: number;
    }
  | ((synapse: Synapse) => boolean);

/** When a probe reads: after a chunk of inner steps, at the end of each phase, or after each meta-update. */
const probeMoments = ['step', 'phase-end', 'meta-update'] as const;
/** When a probe looks. */
export type ProbeMoment = (typeof probeMoments)[number];

/** What to record, of which synapses, when. A value: it does nothing until a recorder is made from it. */
export interface Probe {
  /** Variables of the synapse model, such as `phi` and `lambda`. */
  readonly variables: readonly string[];
  readonly synapses: SynapseSelection;
  readonly at: ProbeMoment;
  /**
   * Only one moment in n, the first one among them; for `step`, after n, 2n, ... inner steps of each phase, n a multiple
   * of the simulation's stride. Default: each time.
   */
  readonly every?: number;
  /** At phase-ends: only those of this phase, 0 being the free one. Default: of all phases. */
  readonly phase?: number;
  /**
   * At meta-updates: also what the rule saw and did, of every slow variable: its value before, its meta-gradient, the optimiser's buffers and
   * numbers (`accountColumns`). Default false.
   */
  readonly account?: boolean;
}

const selectionInWords =
  '"all", a list of indices, { layer, parameter, from, depth, row, column, to } (all but layer may be left out), or a test of a synapse';

const index = z.int().min(0).optional();

const layerPart = z.strictObject({
  layer: z.int().min(0),
  parameter: z.string().optional(),
  from: index.nullable(),
  depth: index,
  row: index,
  column: index,
  to: index,
});

const selection = made<SynapseSelection>(
  selectionInWords,
  (value) =>
    value === 'all' ||
    Array.isArray(value) ||
    typeof value === 'function' ||
    layerPart.safeParse(value).success,
);

const probeSchema = z.strictObject({
  variables: distinctNames,
  synapses: selection,
  at: z.enum(probeMoments),
  every: z.int().min(1).optional(),
  phase: z.int().min(0).optional(),
  account: z.boolean().optional(),
});

/**
 * The indices that a selection means in a population, in ascending order.
 * @throws InputError where an index is out of range, or the selection is empty.
 */
export function selectSynapses(population: Population, selection: SynapseSelection): number[] {
  const indices = Array.isArray(selection)
    ? [...new Set<number>(selection)].sort((a, b) => a - b)
    : Array.from({ length: population.size }, (_, i) => i).filter((i) => matches(population, selection, i));
  for (const index of indices) {
    if (Number.isInteger(index) && index >= 0 && index < population.size) continue;
    throw new InputError({
      what: 'A probe asks for a synapse that does not exist',
      got: index,
      legal: `0 to ${population.size - 1}`,
    });
  }
  if (indices.length === 0) {
    throw new InputError({
      what: 'A probe selects no synapse',
      got: typeof selection === 'function' ? 'a test that none passes' : selection,
      legal: population.topology.blocks && topologyInWords(population.topology.blocks),
      advice: 'Choose a layer and units that the network has',
    });
  }
  return indices;
}

function matches(population: Population, selection: SynapseSelection, index: number): boolean {
  if (selection === 'all') return true;
  if (typeof selection === 'function') return selection(population.synapses[index]!);
  const wanted = selection as Record<string, unknown>;
  const connection = population.topology.connection(index) as unknown as Record<string, unknown>;
  return Object.keys(wanted).every((key) => wanted[key] === undefined || wanted[key] === connection[key]);
}

/** @throws InputError where a variable or moment is unknown, or `every` does not fit the stride. */
export function checkProbe(probe: Probe, population: Population, stride: number): void {
  validate(probeSchema, probe, 'the probe');
  if (probe.variables.length === 0) {
    throw new InputError({
      what: 'A probe asks for no variable',
      got: probe.variables,
      legal: population.variables.join(', '),
    });
  }
  for (const variable of probe.variables) {
    if (population.variables.includes(variable)) continue;
    throw new InputError({
      what: 'A probe asks for a variable that these synapses do not have',
      got: variable,
      legal: population.variables.join(', '),
      advice: didYouMean(variable, population.variables),
    });
  }
  if (probe.phase !== undefined && probe.at !== 'phase-end') {
    throw new InputError({
      what: 'A probe asks for one phase, at a moment that is no end of one',
      got: `phase ${probe.phase} at each ${probe.at}`,
      legal: 'at: "phase-end"',
    });
  }
  if (probe.account && probe.at !== 'meta-update') {
    throw new InputError({
      what: 'A probe asks what the rule did, at a moment when it does nothing',
      got: `account at each ${probe.at}`,
      legal: 'at: "meta-update"',
    });
  }
  const every = probe.every ?? 1;
  if (probe.at === 'step' && probe.every !== undefined && every % stride !== 0) {
    throw new InputError({
      what: 'A probe asks for steps that the clock does not tell one by one',
      got: every,
      legal: `multiples of the stride, ${stride}`,
      advice: 'Lower the stride of the simulation',
    });
  }
}

/** The most rows that a probe can record in a run; phases that settle early record fewer. */
function mostRows(probe: Probe, { plan, tasks, batch = 1 }: RunPlan): number {
  const every = probe.every ?? 1;
  const rowsOf = (steps: number) =>
    probe.every === undefined ? Math.ceil(steps / plan.stride) : Math.floor(steps / every);
  switch (probe.at) {
    case 'step':
      return tasks * plan.phases.reduce((sum, { steps }) => sum + rowsOf(steps), 0);
    case 'phase-end':
      return Math.ceil((tasks * (probe.phase === undefined ? plan.phases.length : 1)) / every);
    case 'meta-update':
      return Math.ceil(tasks / batch / every);
  }
}

/**
 * The most bytes that the two files of a probe can take in a run, heads included; told before it.
 * @param account What it records beside the probe's variables.
 * @throws InputError where an argument is not legal.
 */
export function mostBytes(
  probe: Probe,
  population: Population,
  run: RunPlan,
  account: readonly AccountColumn[] = [],
): number {
  validate(populationSchema, population, 'the population');
  checkRunPlan(run);
  checkProbe(probe, population, run.plan.stride);
  const rows = mostRows(probe, run);
  const row = [probe.variables.length + account.length, selectSynapses(population, probe.synapses).length];
  return npyBytes(row, rows) + npyBytes([momentColumns.length], rows);
}

/** When a probe records, for people: `at each phase-end`, `every 50 steps`. */
export function describeMoments(at: ProbeMoment, stride: number, every = 1): string {
  if (at !== 'step') return every === 1 ? `at each ${at}` : `at one ${at} in ${every}`;
  const interval = Math.max(every, stride);
  return interval === 1 ? 'at each step' : `every ${interval} steps`;
}

/** What each row of a trace's companion `NAME.when.npy` says, column by column. */
export const momentColumns = ['task', 'phase', 'beta', 'step', 'residual'] as const;

/** The unit of each of its columns. */
export const momentUnits = [
  'index from 0',
  'index from 0 in the task; 0 is free, -1 is no phase but a meta-update',
  'nudging strength; 0 is free',
  'inner steps since the phase began; at a meta-update, how many tasks it is of',
  "norm of the augmented loss's gradient then; NaN at a meta-update",
] as const;
