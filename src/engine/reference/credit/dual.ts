import type { Batch } from '../../../data/batch';
import type { DualCredit } from '../../../network/credit/dual';
import { ratesOf } from './activations';
import type { NeuronArithmetic } from './neuron-dynamics';
import { driveOf, returnOf } from './products';

/** Dyadic neurons: s_l(+-) = f(W_l sbar_(l-1) +- 1/2 W_(l+1)^T (s+ - s-)_(l+1)). */
export const dualArithmetic: NeuronArithmetic<DualCredit> = {
  kind: 'dual',

  open({ stages, credit: { nudge, sweeps }, phi, free, cost }) {
    const last = stages.length - 1;
    const likePost = () => free.post.map(({ length }) => new Float64Array(length));
    const [plus, minus, states, differences] = [likePost(), likePost(), likePost(), likePost()];
    /** What synapses see of the neurons that they come from; the input is the same in both states. */
    const input = free.pre[0]!;
    const means = [input, ...states.slice(0, last)];
    const [drive, back, up, down] = [likePost(), likePost(), likePost(), likePost()];
    let batch: Batch;

    const toMean = (l: number): void => {
      for (let i = 0; i < states[l]!.length; i++) {
        const [a, b] = [plus[l]![i]!, minus[l]![i]!];
        states[l]![i] = (a + b) / 2;
        differences[l]![i] = a - b;
      }
    };

    /** Both states of a layer anew, by the layers beside it. */
    const update = (l: number): void => {
      driveOf(stages[l]!, phi, means[l]!, drive[l]!);
      if (l === last) {
        cost.nudged(drive[l]!, batch, nudge / 2, plus[l]!);
        cost.nudged(drive[l]!, batch, -nudge / 2, minus[l]!);
        toMean(l);
        return;
      }
      returnOf(stages[l + 1]!, phi, differences[l + 1]!, back[l]!);
      for (let i = 0; i < back[l]!.length; i++) {
        up[l]![i] = drive[l]![i]! + back[l]![i]! / 2;
        down[l]![i] = drive[l]![i]! - back[l]![i]! / 2;
      }
      ratesOf(stages[l + 1]!.activation, up[l]!, plus[l]!);
      ratesOf(stages[l + 1]!.activation, down[l]!, minus[l]!);
      toMean(l);
    };

    const sweep = (): void => {
      for (let l = last; l >= 0; l--) update(l);
    };

    return {
      states,
      activities: {
        pre: free.pre,
        post: free.post,
        prePlus: [input, ...plus.slice(0, last)],
        preMinus: [input, ...minus.slice(0, last)],
        postPlus: plus,
        postMinus: minus,
      },

      settle(given, watch) {
        batch = given;
        free.compute(phi, given.x);
        for (let l = 0; l <= last; l++) {
          plus[l]!.set(free.post[l]!);
          minus[l]!.set(free.post[l]!);
          toMean(l);
        }
        watch?.(0);
        for (let k = 1; k <= sweeps; k++) {
          sweep();
          watch?.(k);
        }
      },

      residual() {
        const before = [...plus, ...minus].map((state) => state.slice());
        const apart = differences.reduce((sum, values) => sum + squares(values), 0);
        sweep();
        const moved = [...plus, ...minus].reduce((sum, state, k) => {
          const old = before[k]!;
          return sum + state.reduce((part, value, i) => part + (value - old[i]!) ** 2, 0);
        }, 0);
        [...plus, ...minus].forEach((state, k) => {
          state.set(before[k]!);
        });
        for (let l = 0; l <= last; l++) toMean(l);
        return apart === 0 ? 0 : Math.sqrt(moved / apart);
      },
    };
  },
};

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
