import type { Batch } from '../../src/data/batch';
import type { Estimator } from '../../src/learning/estimators';
import { type Simulation, simulate } from '../../src/learning/simulator';
import type { RunContext } from '../../src/run/run-context';
import { lossAt } from './loss-at';

/** One strength for all synapses: what it is worth. */
export interface OneLambda {
  readonly lambda: number;
  readonly heldOut: number;
  /** Null where no test data was put aside. */
  readonly test: number | null;
  readonly converged: boolean;
}

/** Free phases alone. */
const notNudged: Estimator = { name: 'none', beta: 0, betas: [], terms: [] };

/**
 * The control of the experiment: the same network with one lambda for all synapses, learned to the end of its free phase, at each of some strengths,
 * the strongest first, each from where the one before ended.
 */
export async function oneLambdaForAll(
  { config, signal, repeat }: RunContext<{ readonly oneLambda: readonly number[] }>,
  { options }: Simulation,
  test: Batch | null,
  strength: string,
): Promise<readonly OneLambda[]> {
  const strengths = [...config.oneLambda].sort((a, b) => b - a);
  let seen: { rows: OneLambda[]; phi: Float64Array | null } = { rows: [], phi: null };
  if (strengths.length === 0) return seen.rows;
  await repeat({
    label: `one ${strength} for all`,
    total: strengths.length,
    async step(index) {
      const lambda = strengths[index]!;
      const { fast } = options.network.synapse;
      const start = seen.phi === null ? {} : { [fast]: seen.phi };
      const initial = { ...options.initial, [strength]: lambda, ...start };
      const rule = { ...options.rule, estimator: notNudged };
      const simulation = simulate({ ...options, initial, rule, workers: 1 });
      try {
        const { equilibria, loss, phases } = await simulation.estimate(signal);
        const phi = equilibria.get(0)!;
        const tested = test && (await lossAt(simulation, phi, test)).loss;
        const row = { lambda, heldOut: loss.heldOut, test: tested, converged: phases[0]!.converged };
        seen = { rows: [...seen.rows, row], phi };
        return `${strength} ${lambda}: held-out loss ${loss.heldOut.toFixed(4)}`;
      } finally {
        await simulation.close();
      }
    },
    save: () => seen,
    restore(state) {
      seen = state as typeof seen;
    },
  });
  return seen.rows;
}

/** The strength that held-out data would choose; null where none was tried. */
export function bestByHeldOut(rows: readonly OneLambda[]): OneLambda | null {
  return rows.reduce<OneLambda | null>(
    (best, row) => (best === null || row.heldOut < best.heldOut ? row : best),
    null,
  );
}
