import { omniglotConv4 } from '../../models/omniglot-conv4';

/**
 * What is watched: one synapse of each layer with weights, which is the middle of the first kernel of each convolution, and the first of the readout; and the
 * first neuron of each layer of batch norm.
 */
export function watchedOf(
  ways: number,
  filters: number,
  filtersOfModulation = filters,
): { watch: number[]; watchNeurons: number[] } {
  const channels = Math.max(1, filters);
  const { blocks } = omniglotConv4({ ways: Math.max(2, ways), filters: channels });
  const watch = blocks
    .filter(({ spec }) => spec.name === 'weight')
    .map(({ offset, spec }) => offset + (spec.shape.length === 4 ? 4 : 0));
  return { watch, watchNeurons: [0, 1, 2, 3].map((layer) => layer * Math.max(1, filtersOfModulation)) };
}
