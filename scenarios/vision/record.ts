import { sizeOf } from '../../src/core/shape';
import type { SingleTaskLearner } from '../../src/learning/single-task-learner';
import type { RunContext } from '../../src/run/run-context';

export const recorded = ['small', 'all', 'none'] as const;
export type Recorded = (typeof recorded)[number];

/** Parameters of up to so many synapses are small. */
const mostSmall = 5000;
/** Of these the rule's account is recorded as well, which is ten times as much. */
const mostAccounted = 1000;

/** Records phi and lambda at the ends of phases, and what the rule saw of the smallest parameters, to be watched. */
export function recordLearner(
  { record }: Pick<RunContext, 'record'>,
  learner: SingleTaskLearner,
  { label, which }: { readonly label: string; readonly which: Recorded },
): void {
  const { model, size } = learner.population;
  const small = which === 'all' ? all(size) : synapsesUpTo(learner, mostSmall);
  if (which === 'none' || small.length === 0) return;
  const name = label.replace(/[^a-zA-Z0-9]+/g, '-');
  const variables = [model.fast, ...model.meta.filter((variable) => variable !== model.anchor)];
  // A method that contrasts nothing has no phases.
  const at = learner.metaRule.terms === null ? 'meta-update' : 'phase-end';
  record(learner, `${name}-${at}s`, { variables, synapses: small, at });
  const smallest = synapsesUpTo(learner, mostAccounted);
  if (smallest.length === 0) return;
  const account = { variables, synapses: smallest, at: 'meta-update', account: true } as const;
  record(learner, `${name}-accounts`, account);
}

const all = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

/** Synapses of the parameters that have no more than so many. */
function synapsesUpTo({ population: { topology } }: SingleTaskLearner, most: number): number[] {
  const blocks = topology.blocks?.filter(({ shape }) => sizeOf(shape) <= most) ?? [];
  return blocks.flatMap(({ first, shape }) => all(sizeOf(shape)).map((i) => first + i));
}
