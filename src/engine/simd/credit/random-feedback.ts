import { feedbackWeights } from '../../../network/credit/feedback-weights';
import type { RandomFeedbackCredit } from '../../../network/credit/random-feedback';
import { feedbackCreditRule } from '../../../synapse/rules/credit';
import { padded, type Vector } from '../machine/shared-memory';
import type { CreditKernels, OfWeights } from './credit-kernels';

/** The fixed weights by which errors come to each stage but the last, laid out as [from][to], in padded rows. */
interface Feedback extends OfWeights {
  readonly weights: readonly Vector[];
}

/** Errors come down by fixed weights: of the stage above, or directly of the outputs. */
const kernelsOf = (kind: RandomFeedbackCredit['kind']): CreditKernels<RandomFeedbackCredit, Feedback> => ({
  kind,
  rule: feedbackCreditRule,
  mayFail: () => false,

  ofWeights({ network, credit, chain, allocate }) {
    const weights = feedbackWeights(network, credit).map((values, l) => {
      const to = chain[l]!.outputs;
      const from = values.length / to;
      const row = padded(to);
      const laidOut = allocate(from * row);
      for (let i = 0; i < to; i++)
        for (let j = 0; j < from; j++) laidOut.values[j * row + i] = values[i * from + j]!;
      return laidOut;
    });
    return { weights, load() {} };
  },

  bind({ samples, kernels, chain, own: { weights } }) {
    const { last, drives, rates } = chain;
    const errors = drives.map((_, l) => chain.array(l));
    const loss = chain.loss(drives[last]!, errors[last]!);

    const bringBack = (l: number): void => {
      const above = kind === 'direct-feedback' ? last : l + 1;
      const { outputs } = chain.shape(above);
      const [row, to] = [padded(outputs), padded(chain.shape(l).outputs)];
      const [from, error] = [errors[above]!.pointer, errors[l]!.pointer];
      kernels.multiplyAdd(from, row, 1, weights[l]!.pointer, to, 0, error, to, samples, outputs, to, 0, 0);
      const slope = { tanh: kernels.tanhSlope, relu: kernels.reluSlope, identity: null }[chain.activation(l)];
      slope?.(rates[l]!.pointer, error, error, chain.count(l));
    };

    return {
      begin: () => chain.forward(),
      sweeps: 0,
      sweep() {},

      learn(weight, add) {
        loss.forward(weight);
        for (let l = last; l >= 0; l--) {
          if (l < last) bringBack(l);
          chain.learn(l, errors[l]!, rates, add);
        }
      },

      watched: {
        states: () => drives.map((drive, l) => chain.numbers(l, drive)),
        first: { before() {}, kernels() {}, after() {} },
        last: { before() {}, kernels() {}, after: () => 0 },
      },
    };
  },
});

export const feedbackAlignmentKernels = kernelsOf('feedback-alignment');
export const directFeedbackKernels = kernelsOf('direct-feedback');
