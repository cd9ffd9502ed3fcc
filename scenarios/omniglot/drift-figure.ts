import type { SeenMethod } from '../../src/few-shot/few-shot-scenario';
import type { Figure } from '../../src/plot/figure';
import { Population } from '../../src/synapse/population';
import { synapseInWords } from './synapse-in-words';

/** How omega of the watched synapses moves over the stream; nothing for a method whose synapses have none, or that learns nothing between tasks. */
export function driftFigure({ settings, method, network, history }: SeenMethod): Figure[] {
  const { drift, curve, learned } = history;
  if (drift.length < 2 || drift[0]!.length === 0 || learned === 0 || method.network !== 'complex') return [];
  const synapses = new Population(network.synapse, network.topology).synapses;
  const { anchor } = network.synapse;
  return [
    {
      name: `${method.name}-drift`,
      title: `omniglot, ${method.name}: how ${anchor} of single synapses drifts over the stream`,
      caption: `${anchor} of the watched synapses at each point of the learning curve, less what it began with. Fast changes inside tasks are not seen here.`,
      panels: [
        {
          x: { label: 'tasks lived', scale: 'linear' },
          y: { label: `change of ${anchor}`, scale: 'linear' },
          series: settings.watch.map((index, i) => ({
            label: synapseInWords(synapses[index]!),
            points: drift.map((values, at) => ({ x: curve[at]!.tasks, y: values[i]! - drift[0]![i]! })),
          })),
        },
      ],
    },
  ];
}
