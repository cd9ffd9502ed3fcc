import { importanceSynapse } from '../../../models/importance-synapse';
import { RandomStreams } from '../../../src/core/random';
import { selectSamples } from '../../../src/data/batch';
import { importanceSgdRule } from '../../../src/synapse/rules/implicit-sgd';
import {
  anchorRule,
  consolidateSquaresRule,
  squaredGradientRule,
} from '../../../src/synapse/rules/importance';
import { drawLabels } from '../draw-labels';
import type { SequentialMethod } from './method';

/** Importance from the Fisher information at the end of each task. */
export const ewc: SequentialMethod = {
  name: 'ewc',
  title: 'EWC',
  summary:
    'phi is held to its value at the end of the last task, as strongly as the Fisher information of all tasks so far says',
  reference: 'Kirkpatrick et al. 2017; one anchor and the sum of the Fisher informations, as in Huszar 2018',
  synapse: importanceSynapse,
  buffers: ['squares'],
  shown: ['phi', 'importance'],
  replays: false,
  begin({ network, settings, tasks, seed }) {
    const { rate, strength, images } = settings.ewc;
    const inner = { rule: importanceSgdRule, buffers: [], scalarsAt: () => ({ rate }) };
    /** Of images one by one, with classes drawn as the network would tell them: the information is the network's, not the labels'. */
    const addSquares = async (task: number): Promise<void> => {
      const drawn = tasks.some(task, images, `Fisher images of task ${task}`);
      const { outputs } = await (await network.session()).evaluate(drawn);
      const y = drawLabels(
        outputs,
        drawn.samples,
        new RandomStreams(seed).stream(`Fisher labels of task ${task}`),
      );
      const share = 1 / drawn.samples;
      const squares = { rule: squaredGradientRule, buffers: ['squares'], scalarsAt: () => ({ share }) };
      for (let i = 0; i < drawn.samples; i++)
        await network.step(squares, selectSamples({ ...drawn, y }, [i]));
      await network.fetch();
    };
    return {
      step: (train) => network.step(inner, train),
      async endTask(task) {
        network.apply(anchorRule); // The gradient is then that of the data alone.
        await addSquares(task);
        network.apply(consolidateSquaresRule, { strength });
      },
    };
  },
};
