import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';
import { adapt, ofAnchor } from './adapt';
import { descentSchema } from './adaptation-schema';
import { allSamples } from './all-samples';

/**
 * Reptile (Nichol et al. 2018): learn the task by plain descent on all its samples, then move omega towards where phi
 * ended. Its "gradient" is (omega - phi_K) / (rate steps): the mean gradient along the way.
 * @throws InputError where an option is not legal.
 */
export function reptile(options: { rate: number; steps: number }): MetaLearner {
  const { rate, steps } = validate(descentSchema, options, 'the options of reptile');
  const optimizer = sgd({ rate });
  return madeBy('src/baselines/reptile', 'reptile', [{ rate, steps }], {
    name: 'reptile',
    adaptation: optimizer,
    regularised: false,
    learns: 'anchor',
    async learn(context) {
      const { network, session, episode, start } = context;
      const all = allSamples('reptile', network, episode);
      await adapt({ ...context, episode: { ...episode, train: all } }, { optimizer, steps, penalty: false });
      const phi = await session.read(network.synapse.fast);
      const { loss } = await session.evaluate(episode.heldOut);
      const gradient = phi.map((value, i) => (start[i]! - value) / (rate * steps));
      return { metaGradient: ofAnchor(network, gradient), heldOutLoss: loss };
    },
  });
}
