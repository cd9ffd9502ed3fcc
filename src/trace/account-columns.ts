import { InputError } from '../core/errors';
import type { MetaUpdateEvent } from '../learning/events';
import type { MetaRule } from '../learning/meta-rule';
import type { Population } from '../synapse/population';

/** One column group of a trace with an account: what the rule saw of one slow variable. */
export interface AccountColumn {
  /** `lambda.value`, `lambda.gradient`, `lambda.buffer.firstMoment`, `lambda.scalar.rate`, `lambda.stepped`, `lambda.after`. */
  readonly name: string;
  readonly variable: string;
  /**
   * - `value`: before the meta-step; `gradient`: the meta-gradient; `stepped`: after the meta-step, before the flow; `after`: after both
   * - `buffer`: of the optimiser, before the meta-step; `scalar`: a number of the optimiser, the same for all synapses
   */
  readonly role: 'value' | 'gradient' | 'buffer' | 'scalar' | 'stepped' | 'after';
  /** Of a buffer or a number, its name. */
  readonly of: string | null;
}

/** What is recorded of each slow variable, in this order: before, meta-gradient, buffers, numbers, after. */
export function accountColumns({ slow, learned, flow }: MetaRule): AccountColumn[] {
  return slow.flatMap((variable) => {
    const by = learned[variable];
    const column = (role: AccountColumn['role'], of: string | null = null): AccountColumn => ({
      ...{ name: [variable, role, ...(of === null ? [] : [of])].join('.'), variable, role, of },
    });
    return [
      column('value'),
      ...(by === undefined ? [] : [column('gradient')]),
      ...(by?.buffers ?? []).map((name) => column('buffer', name)),
      ...(by?.scalars ?? []).map((name) => column('scalar', name)),
      ...(flow?.variables.includes(variable) ? [column('stepped')] : []),
      column('after'),
    ];
  });
}

/** Writes one column of one event, of these synapses, from a place on. */
export function writeAccount(
  { variable, role, of }: AccountColumn,
  { moves }: MetaUpdateEvent,
  population: Population,
  synapses: readonly number[],
  into: Float64Array,
  from: number,
): void {
  const move = moves?.[variable];
  if (role === 'scalar') {
    into.fill(move?.scalars[of!] ?? Number.NaN, from, from + synapses.length);
    return;
  }
  const now = population.values(variable);
  // A variable that neither learns nor flows is as it was.
  const before = move?.value ?? now;
  const source = role === 'after' ? now : role === 'value' ? before : held(move, role, of);
  for (let i = 0; i < synapses.length; i++) into[from + i] = source?.[synapses[i]!] ?? Number.NaN;
}

function held(
  move: NonNullable<MetaUpdateEvent['moves']>[string] | undefined,
  role: 'gradient' | 'buffer' | 'stepped',
  of: string | null,
): Float64Array | null | undefined {
  return role === 'buffer' ? move?.buffers[of!] : move?.[role];
}

/** The error for a source that does not say how its slow variables move. */
export const noMetaRule = (): InputError =>
  new InputError({
    what: 'A probe asks what the rule did, of something that does not say how its slow variables move',
    legal: 'account: true of a simulation, or of synapses on a task stream',
  });
