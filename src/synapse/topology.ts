import { type Shape, sizeOf } from '../core/shape';

/** Which connection a synapse is. */
export interface Connection {
  /** Index of the layer that it belongs to, counted from 0 over all layers of the network. */
  readonly layer: number;
  /** Which of the layer's parameters: `weight`, `bias`, ... */
  readonly parameter: string;
  /** The unit (flat index) that it comes from, in a kernel the input channel; null for a bias, a gain, a threshold. */
  readonly from: number | null;
  /** Its place in a kernel of three dimensions, one of two, or one of one; what a parameter has no axis for is left out. */
  readonly depth?: number;
  readonly row?: number;
  readonly column?: number;
  /** The unit that it ends on; in a kernel, and for the bias, gain or threshold of a channel, the output channel. */
  readonly to: number;
}

/** Synapses that lie one behind the other in a network's flat order: the entries of one parameter, row-major. */
export interface SynapseBlock {
  readonly layer: number;
  readonly parameter: string;
  /** Of the parameter: where a synapse ends, where it comes from, and up to three axes of a kernel. */
  readonly shape: Shape;
  /** Index of its first synapse in the flat order. */
  readonly first: number;
  /** What a synapse ends on: a channel of an image, or a unit. */
  readonly ends: 'channel' | 'unit';
}

/** Where the synapses of a population sit in a network. */
export interface Topology {
  readonly size: number;
  /** Which connection a synapse is. */
  connection(index: number): Connection;
  /** The same for all synapses at once, in ascending order; where it is left out, whoever wants to know asks synapse by synapse. */
  readonly blocks?: readonly SynapseBlock[];
}

/** Axes of a kernel, the last one fastest; a kernel of two dimensions has the last two. */
export const kernelAxes = ['depth', 'row', 'column'] as const;

/** What each axis of a parameter counts: `to`, `from` (several axes where they are more than kernels have), then those of a kernel. */
export function axesOf(shape: Shape): string[] {
  const kernel = kernelAxes.slice(Math.max(0, kernelAxes.length - Math.max(0, shape.length - 2)));
  const sources = shape.length - 1 - kernel.length;
  return ['to', ...Array<string>(sources).fill('from'), ...kernel];
}

/** Which connection the entry at a place of a parameter is, counted from its first one. */
export function connectionIn({ layer, parameter, shape }: SynapseBlock, place: number): Connection {
  const inKernel = Math.min(kernelAxes.length, Math.max(0, shape.length - 2));
  const offsets: [string, number][] = [];
  let rest = place;
  for (let axis = shape.length - 1; axis >= shape.length - inKernel; axis--) {
    offsets.unshift([kernelAxes[kernelAxes.length - shape.length + axis]!, rest % shape[axis]!]);
    rest = Math.floor(rest / shape[axis]!);
  }
  const sources = sizeOf(shape.slice(1, shape.length - inKernel));
  return {
    layer,
    parameter,
    from: shape.length === 1 ? null : rest % sources,
    ...Object.fromEntries(offsets),
    to: Math.floor(rest / sources),
  };
}

/** A connection in words: `from unit 3 to unit 7`, `bias of channel 2`, `from channel 0 at row 1, column 2 of the kernel to channel 5`. */
export function connectionInWords(connection: Connection & Partial<Pick<SynapseBlock, 'ends'>>): string {
  const { parameter, from, to, ends = 'unit' } = connection;
  if (from === null) return `${parameter} of ${ends} ${to}`;
  const offsets = kernelAxes.filter((axis) => connection[axis] !== undefined);
  if (offsets.length === 0) return `from unit ${from} to ${ends} ${to}`;
  const place = offsets.map((axis) => `${axis} ${connection[axis]}`).join(', ');
  return `from channel ${from} at ${place} of the kernel to channel ${to}`;
}

/** What synapses there are, for messages: `layer 0: weight (to 0-5, from 0-2, row 0-4, column 0-4), bias (to 0-5); layer 4: ...`. */
export function topologyInWords(blocks: readonly SynapseBlock[]): string {
  const layers = [...new Set(blocks.map(({ layer }) => layer))];
  const axes = (shape: Shape) => axesOf(shape).map((axis, i) => `${axis} ${rangeTo(shape[i]! - 1)}`);
  return layers
    .map((layer) => {
      const own = blocks.filter((block) => block.layer === layer);
      return `layer ${layer}: ${own.map(({ parameter, shape }) => `${parameter} (${axes(shape).join(', ')})`).join(', ')}`;
    })
    .join('; ');
}

const rangeTo = (last: number) => (last === 0 ? '0' : `0-${last}`);
