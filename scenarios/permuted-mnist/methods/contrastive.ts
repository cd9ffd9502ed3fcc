import type { Batch } from '../../../src/data/batch';
import { contrast } from '../../../src/learning/contrast';
import { forward } from '../../../src/learning/estimators';
import { MetaUpdate } from '../../../src/learning/meta-update';
import { sgd as descent } from '../../../src/learning/optimizers';
import { complexSynapse } from '../../../src/synapse/model';
import { lambdaSgdRule } from '../../../src/synapse/rules/implicit-sgd';
import { anchorRule } from '../../../src/synapse/rules/importance';
import type { SequentialMethod } from './method';

/** The paper's synapse: whether being held to omega would have helped, it learns from replayed images. */
export const contrastive: SequentialMethod = {
  name: 'contrastive',
  title: 'complex synapse',
  summary:
    'phi is held to omega, its value at the end of the last task, with a strength lambda that the contrastive rule learns: replayed held-out images of the tasks so far nudge phi, and where they draw it back to omega, lambda grows',
  reference: 'Zucchet et al. 2022 (Eqs. 4 and 7), here from task to task',
  synapse: () => complexSynapse,
  initial: { lambda: 0 },
  buffers: [],
  shown: ['phi', 'omega', 'lambda'],
  replays: true,
  begin({ network, settings, tasks, rules }) {
    const { rate, beta, steps, metaRate, omegaRate } = settings.contrastive;
    const inner = { rule: lambdaSgdRule, buffers: [], scalarsAt: () => ({ rate }) };
    const { model } = network.population;
    const { terms } = forward(beta);
    const { slow } = network;
    const updates = [
      { variable: 'lambda', rate: metaRate },
      { variable: 'omega', rate: omegaRate },
    ].flatMap(({ variable, rate }) =>
      rate === 0
        ? []
        : [new MetaUpdate(slow, model.nonNegative, { optimizer: descent({ rate }), learn: [variable] })],
    );
    /** The last minibatches of the chunk, which both phases learn, and phi before them. */
    let both: { readonly start: Float64Array; readonly train: Batch[] } | null = null;
    return {
      async step(train, index, { count }) {
        if (index === Math.max(0, count - steps))
          both = { start: await (await network.session()).read(network.fast), train: [] };
        both?.train.push(train);
        await network.step(inner, train);
      },
      async endChunk({ task, number }) {
        const { start, train } = both!;
        both = null;
        // Of a first task there is nothing yet that could be forgotten.
        if (task === 0) return;
        const free = network.values[network.fast]!.slice();
        network.set(network.fast, start);
        for (const [i, batch] of train.entries()) {
          const name = `replay of task ${task}, chunk ${number}, step ${i}`;
          const replay = tasks.replayed(task, batch.samples, name);
          await network.step(inner, batch, { beta, replay });
        }
        const nudged = await (await network.session()).read(network.fast);
        network.set(network.fast, free);
        const equilibria = new Map([
          [0, free],
          [beta, nudged],
        ]);
        const gradient = contrast(model, terms, equilibria, slow, rules);
        for (const update of updates) update.apply(slow, gradient, rules);
        network.changed();
      },
      async endTask() {
        network.apply(anchorRule);
      },
    };
  },
};
