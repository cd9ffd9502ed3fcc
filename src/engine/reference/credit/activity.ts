import type { ActivityCredit } from '../../../network/credit/activity';
import type { NeuronArithmetic } from './neuron-dynamics';

/** Neurons that do the forward pass and no more: outputs alone are told their error. */
export const activityArithmetic: NeuronArithmetic<ActivityCredit> = {
  kind: 'activity',

  open({ samples, phi, free, cost }) {
    const errors = free.states.map(({ length }) => new Float64Array(length));
    const reward = new Float64Array(samples);
    return {
      states: free.states,
      activities: { pre: free.pre, post: free.post, error: errors },
      modulators: { reward },

      settle(batch, watch) {
        free.compute(phi, batch.x);
        const slopes = cost.slopes(free.outputs, batch);
        const error = errors.at(-1)!;
        for (let i = 0; i < error.length; i++) error[i] = -slopes[i]!;
        cost.ofSamples(free.outputs, batch, reward);
        for (let n = 0; n < samples; n++) reward[n] = -reward[n]!;
        watch?.(0);
      },

      residual: () => 0,
    };
  },
};
