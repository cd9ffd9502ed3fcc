import { feedbackWeights } from '../../../network/credit/feedback-weights';
import type { RandomFeedbackCredit } from '../../../network/credit/random-feedback';
import type { NeuronArithmetic } from './neuron-dynamics';
import { feedbackOf } from './products';

/** error_l = f'(s_l) B_(l+1) error_(l+1); or, directly, f'(s_l) B_l error_L. */
const arithmeticOf = (kind: RandomFeedbackCredit['kind']): NeuronArithmetic<RandomFeedbackCredit> => ({
  kind,

  open({ network, stages, credit, phi, free, cost }) {
    const last = stages.length - 1;
    const errors = free.states.map(({ length }) => new Float64Array(length));
    const weights = feedbackWeights(network, credit);
    return {
      states: free.states,
      activities: { pre: free.pre, post: free.post, error: errors },

      settle(batch, watch) {
        free.compute(phi, batch.x);
        errors[last]!.set(cost.slopes(free.outputs, batch));
        for (let l = last - 1; l >= 0; l--) {
          const from = kind === 'direct-feedback' ? last : l + 1;
          feedbackOf(weights[l]!, stages[from]!.outputs, errors[from]!, errors[l]!);
          free.timesSlopes(l, errors[l]!);
        }
        watch?.(0);
      },

      residual: () => 0,
    };
  },
});

export const feedbackAlignmentArithmetic = arithmeticOf('feedback-alignment');
export const directFeedbackArithmetic = arithmeticOf('direct-feedback');
