import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';
import { ofAnchor } from './adapt';
import { rateSchema } from './adaptation-schema';
import { allSamples } from './all-samples';

/**
 * A joint model: one network trained on all tasks as if they were one, then fine-tuned. No learning to learn.
 * @throws InputError where the rate is not above 0.
 */
export function joint(options: { rate: number }): MetaLearner {
  const { rate } = validate(rateSchema, options, 'the options of joint');
  return madeBy('src/baselines/joint', 'joint', [{ rate }], {
    name: 'joint',
    adaptation: sgd({ rate }),
    regularised: false,
    learns: 'anchor',
    async learn({ network, session, episode, start }) {
      await session.write(network.synapse.fast, start);
      const { loss } = await session.evaluate(episode.heldOut);
      const gradient = await session.gradient(allSamples('joint', network, episode));
      return { metaGradient: ofAnchor(network, gradient), heldOutLoss: loss };
    },
  });
}
