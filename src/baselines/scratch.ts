import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';
import { rateSchema } from './adaptation-schema';

/**
 * Training from scratch: every task from the same random start, and nothing is learned between tasks.
 * @throws InputError where the rate is not above 0.
 */
export function scratch(options: { rate: number }): MetaLearner {
  const { rate } = validate(rateSchema, options, 'the options of scratch');
  return madeBy('src/baselines/scratch', 'scratch', [{ rate }], {
    name: 'scratch',
    adaptation: sgd({ rate }),
    regularised: false,
    learns: [],
    async learn({ network, session, episode, start }) {
      await session.write(network.synapse.fast, start);
      const { loss } = await session.evaluate(episode.heldOut);
      return { metaGradient: {}, heldOutLoss: loss };
    },
  });
}
