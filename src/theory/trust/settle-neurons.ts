import { InputError } from '../../core/errors';
import type { Session } from '../../engine/engine';
import type { Surrogate } from '../../network/credit/credit';
import { withCredit } from '../../network/network';
import type { CountedSessions } from './counted-sessions';
import type { TrustProblem } from './trust-problem';

/** Neurons count as settled where they are so many times nearer to rest than those that are judged, and this near at the least. */
const [timesNearer, nearEnough] = [16, 1e-3];

/** For a Hessian by differences, which divides what is left by their step: as near as rounding allows. */
const nearest = 1e-9;

/** They are not given more sweeps than this. */
const mostSweeps = 4096;

/** Neurons of one problem, at some phi, that were left for enough sweeps. */
interface Rest {
  readonly sweeps: number;
  readonly residual: number;
}

/** How far neurons are from rest as they are, and how many sweeps it takes them to settle. */
export interface NeuronRest {
  readonly residual: number;
  readonly settled: Rest;
  /** Settled as far as rounding allows, with a session that holds phi. */
  readonly finest: Rest & { readonly session: Session };
}

/**
 * Lets the neurons of a problem settle on both of its batches, by more and more sweeps.
 * @param at phi, which the sessions then hold
 */
export async function settleNeurons(
  problem: TrustProblem,
  surrogate: Surrogate,
  at: Float64Array,
  { own, sessions }: { readonly own: Session; readonly sessions: CountedSessions },
): Promise<NeuronRest> {
  const { nudge, sweeps } = surrogate;
  const residual = await residualOf(own, problem, at);
  const enough = Math.min(residual / timesNearer, nearEnough);
  let settled: Rest | null = null;
  for (let more = sweeps; ; more *= 2) {
    const session = await sessions.open(withCredit(problem.network, surrogate.settled(nudge, more)));
    const left = await residualOf(session, problem, at);
    const isLast = 2 * more > Math.max(mostSweeps, 2 * sweeps);
    // Where neurons rest already, a further sweep says so too.
    if (settled === null && more > sweeps && (left <= Math.max(enough, nearest) || isLast))
      settled = { sweeps: more, residual: left };
    if (settled !== null && (left <= nearest || isLast))
      return { residual, settled, finest: { sweeps: more, residual: left, session } };
    await session.close();
  }
}

async function residualOf(
  session: Session,
  { network, task }: TrustProblem,
  at: Float64Array,
): Promise<number> {
  const { relax } = session;
  if (relax === undefined) {
    throw new InputError({
      what: `The engine ${session.engine} does not say how far its neurons have settled`,
      got: network.credit.kind,
      legal: 'an engine whose sessions have a method "relax"',
      advice: 'Take the engine reference',
    });
  }
  await session.write(network.synapse.fast, at);
  const [train, heldOut] = [await relax(task.train), await relax(task.heldOut)];
  return Math.max(train.residual, heldOut.residual);
}
