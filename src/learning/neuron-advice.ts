import type { Moment } from '../core/errors';
import { UnstableNeuronsError } from '../core/errors';
import { engineNamed, engineNames } from '../engine/auto';
import { metaWeights } from '../engine/engine';
import { backprop } from '../network/credit/backprop';
import type { Credit } from '../network/credit/credit';
import { type DualCredit, dualPropagation } from '../network/credit/dual';
import { type EquilibriumCredit, equilibriumPropagation } from '../network/credit/equilibrium';
import { withCredit } from '../network/network';
import { type PhaseToTry, passes } from './diverged-phase';

/** A source of credit with one setting changed. */
interface Change {
  /** `dt = null (it was 0.8)` */
  readonly words: string;
  readonly credit: Credit;
}

/** What each number of sweeps is multiplied by, what each nudge and each rate is divided by, one after the other. */
const [longer, gentler, slower] = [
  [4, 16],
  [10, 100],
  [10, 1e3, 1e6],
];

/** What may be changed of neurons, the likeliest first; nothing of a kind that is not known here. */
function changesOf(credit: Credit): Change[] {
  if (credit.kind !== 'equilibrium' && credit.kind !== 'dual') return [];
  const { nudge, sweeps } = credit as EquilibriumCredit | DualCredit;
  const dt = (credit as Partial<EquilibriumCredit>).dt ?? null;
  const changed = (name: 'dt' | 'nudge' | 'sweeps', from: number, to: number | null): Change => ({
    words: `${name} = ${to} (it was ${from})`,
    credit: remade(credit, { [name]: to }),
  });
  return [
    ...(dt === null ? [] : [changed('dt', dt, null)]),
    ...gentler!.map((by) => changed('nudge', nudge, rounded(nudge / by))),
    ...longer!.map((by) => changed('sweeps', sweeps, sweeps * by)),
  ];
}

function remade(credit: Credit, change: Readonly<Record<string, number | null>>): Credit {
  const rule = credit.rule!;
  if (credit.kind === 'dual') {
    const { nudge, sweeps } = credit as DualCredit;
    return dualPropagation({ nudge, sweeps, rule, ...change });
  }
  const { nudge, sweeps, dt, order } = credit as EquilibriumCredit;
  return equilibriumPropagation({ nudge, sweeps, dt, order, rule, ...change });
}

const rounded = (value: number): number => Number(value.toPrecision(3));

/** Whether the phase, from its beginning, stays sane with another source of credit: in a session of its own. */
async function passesBy(credit: Credit, phase: PhaseToTry): Promise<boolean> {
  const { network, session, optimizer } = phase;
  const name = (engineNames as readonly string[]).includes(session.engine) ? session.engine : 'reference';
  const own = await (await engineNamed(name)).open(withCredit(network, credit));
  try {
    const { fast, meta } = network.synapse;
    const theta = network.meta.size > 0 ? [metaWeights] : [];
    const restart = async (): Promise<void> => {
      await phase.restart();
      for (const variable of [fast, ...meta, ...theta, ...optimizer.buffers])
        await own.write(variable, await session.read(variable));
    };
    const { train, replay, beta, stepsBefore, budget } = phase;
    const loss = { network, session: own, train, replay, beta };
    return await passes({ ...loss, optimizer, stepsBefore, budget, restart }, optimizer);
  } finally {
    await own.close();
  }
}

/** The first change of neurons by which the phase stays sane, in words; null where none does. */
async function triedChange(phase: PhaseToTry): Promise<string | null> {
  for (const { words, credit } of changesOf(phase.network.credit))
    if (await passesBy(credit, phase)) return words;
  return null;
}

/**
 * What to change of neurons where a phase has diverged by their fault: with the exact gradient it does not, and with the change, which was tried, neither.
 * Null where they are not the cause, or nothing helps.
 */
export async function neuronAdvice(phase: PhaseToTry): Promise<string | null> {
  if (!phase.network.credit.settles) return null;
  if (!(await passesBy(backprop, phase))) return null;
  const change = await triedChange(phase);
  if (change === null) return null;
  return `Neurons are the cause, since learning by the exact gradient does not run away: try the credit with ${change}`;
}

/** Where a phase stood when its neurons were found not to settle. */
export interface UnstablePhase extends PhaseToTry {
  readonly moment: Omit<Moment, 'step'>;
  /** Steps taken in the phase before those among which it happened. */
  readonly taken: number;
  /** How many these are; 0 where phi was being looked at, or where steps learn from batches that differ and cannot be taken again. */
  readonly count: number;
}

/** The same error, that says where it happened, with a change that was tried; any other error as it is. */
export async function atMoment(error: unknown, phase: UnstablePhase): Promise<unknown> {
  if (!(error instanceof UnstableNeuronsError) || error.moment !== null) return error;
  const { task, phase: kind, beta } = phase.moment;
  const step = await stepOf(phase);
  const advice = await unstableAdvice(phase);
  const { what, advice: general } = error.report;
  return new UnstableNeuronsError(
    {
      ...error.report,
      what: `${what}, in task "${task}", ${kind} phase (beta = ${beta}), at step ${step}`,
      advice: advice ?? `${general}; what was tried of it did not help, nor did a lower learning rate`,
    },
    { ...phase.moment, step },
  );
}

/** By taking the steps again, one by one. */
async function stepOf(phase: UnstablePhase): Promise<number> {
  const { session, optimizer: inner, beta, train, replay, stepsBefore, taken, count } = phase;
  if (count === 0) return taken;
  const settle = (done: number, steps: number) =>
    session.settle({
      ...{ inner, beta, train, replay, steps, stepsTaken: stepsBefore + done, tolerance: 0 },
      residualAtEnd: false,
    });
  await phase.restart();
  if (taken > 0) await settle(0, taken);
  for (let step = taken; step < taken + count; step++) {
    try {
      await settle(step, 1); // which looks at neurons where it begins
    } catch (error) {
      if (error instanceof UnstableNeuronsError) return step;
      throw error;
    }
  }
  return taken + count;
}

/** What was tried with success: of the neurons, else of the learning rate, by which weights have grown. */
async function unstableAdvice(phase: PhaseToTry): Promise<string | null> {
  const change = await triedChange(phase);
  if (change !== null) return `Try the credit with ${change}`;
  const { optimizer } = phase;
  const { rate } = optimizer.settings;
  if (rate === undefined || optimizer.withRate === undefined) return null;
  for (const by of slower!) {
    const lower = rounded(rate / by);
    if (await passes(phase, optimizer.withRate(lower)))
      return `Try a learning rate of ${lower} (it was ${rate}): weights grow until neurons do not settle`;
  }
  return null;
}
