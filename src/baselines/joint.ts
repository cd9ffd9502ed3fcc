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
      const { train, replay, beta, weight } = allSamples(network, episode);
      const gradient = await session.gradient(train);
      const replayed = replay === null ? null : await session.gradient(replay);
      const mean = gradient.map(
        (slope, i) => weight * (slope + (replayed === null ? 0 : beta * replayed[i]!)),
      );
      return { metaGradient: ofAnchor(network, mean), heldOutLoss: loss };
    },
  });
}
