import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';

/** Training from scratch: every task from the same random start, and nothing is learned between tasks. */
export function scratch({ rate }: { rate: number }): MetaLearner {
  return {
    name: 'scratch',
    adaptation: sgd({ rate }),
    regularised: false,
    learns: [],
    async learn({ network, session, episode, start }) {
      await session.write(network.synapse.fast, start);
      const { loss } = await session.evaluate(episode.heldOut);
      return { metaGradient: {}, heldOutLoss: loss };
    },
  };
}
