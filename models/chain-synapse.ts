import { defineSynapse, type SynapseModel } from '../src/synapse/model';

/** How a chain grows slower from variable to variable. */
export interface ChainOptions {
  /** Slow variables, 1 or more. */
  readonly length: number;
  /** What a variable's capacity grows by, and the coupling to the next one falls by. Default 2, as in the paper. */
  readonly ratio?: number;
  /** The coupling between the first two, per meta-step, over the first one's capacity. Default 1/8. */
  readonly coupling?: number;
}

/**
 * A synapse whose memory is a chain, in the manner of Benna and Fusi (2016): phi learns a task from u_1 on and is drawn back to it with
 * strength g; u_1 learns from the contrast; and each u_k flows towards its neighbours, like the levels of beakers joined by tubes:
 * C_k du_k = g_{k-1} (u_{k-1} - u_k) + g_k (u_{k+1} - u_k), with capacities C_k = ratio^(k-1) and couplings g_k = coupling ratio^(1-k). The
 * last one leaks into nothing, by a tube as the next would be. A chain of one variable only leaks.
 */
export function chainSynapse({ length, ratio = 2, coupling = 1 / 8 }: ChainOptions): SynapseModel {
  const name = (k: number): string => `u_${k}`;
  const places = Array.from({ length }, (_, i) => i + 1);
  const tube = (k: number): number => coupling * ratio ** (1 - k);
  const flow = (k: number): string => {
    const capacity = ratio ** (k - 1);
    const above = k === 1 ? '' : `${tube(k - 1) / capacity} * (${name(k - 1)} - ${name(k)}) + `;
    const below = k === length ? `-${name(k)}` : `(${name(k + 1)} - ${name(k)})`;
    return `${above}${tube(k) / capacity} * ${below}`;
  };
  return defineSynapse({
    fast: 'phi',
    anchor: 'u_1',
    meta: {
      ...Object.fromEntries(
        places.map((k) => [name(k), { learned: k === 1, meaning: `level ${k} of the chain` }]),
      ),
      g: { initial: 0.5, nonNegative: true, learned: false, meaning: 'how strongly phi is drawn to u_1' },
    },
    penalty: 'g * (phi - u_1)^2 / 2',
    flow: Object.fromEntries(places.map((k) => [name(k), flow(k)])),
  });
}
