import { InputError } from '../core/errors';
import type { RandomStream } from '../core/random';
import { checkShape, type Shape, sizeOf } from '../core/shape';
import type { Batch } from '../data/batch';
import type { SynapseModel } from '../synapse/model';
import type { Connection, Topology } from '../synapse/topology';
import { initialise } from './initialiser';
import type { Layer, ParameterSpec } from './layer';
import type { Loss } from './loss';

/** One array of parameters, where it lies in the network's flat vector. */
interface ParameterBlock {
  readonly layer: number;
  readonly spec: ParameterSpec;
  /** Index of its first entry in the flat vector. */
  readonly offset: number;
  readonly size: number;
}

/** A network as a description: layers, shapes, the order of its parameters, its loss, its synapse model. */
export interface Network {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly layers: readonly Layer[];
  /** Input shape of each layer, and behind the last one the output shape. */
  readonly shapes: readonly Shape[];
  readonly blocks: readonly ParameterBlock[];
  /** Number of parameters, which is the number of synapses. */
  readonly size: number;
  readonly loss: Loss;
  readonly synapse: SynapseModel;
  /** Which connection each synapse is. */
  readonly topology: Topology;
}

export interface NetworkOptions {
  /** Shape of one sample's input. */
  readonly input: Shape;
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  readonly synapse: SynapseModel;
}

/**
 * Lays out a network: checks that the layers fit, and orders the parameters layer after layer, each layer's
 * in the order that its description gives.
 * @throws InputError where a layer does not fit its input, or there is nothing to learn.
 */
export function defineNetwork(options: NetworkOptions): Network {
  const shapes: Shape[] = [checkShape('network input', options.input)];
  const blocks: ParameterBlock[] = [];
  let offset = 0;
  options.layers.forEach((layer, index) => {
    const name = `layer ${index} (${layer.kind})`;
    shapes.push(shapeBehind(layer, shapes[index]!, name));
    for (const spec of layer.parameters) {
      if (spec.role === 'meta') {
        throw new InputError({
          what: `${spec.name} of ${name} is declared as a meta-parameter`,
          legal: 'fast parameters, each one a synapse of the network',
        });
      }
      const size = sizeOf(checkShape(`${name}, ${spec.name}`, spec.shape));
      blocks.push({ layer: index, spec, offset, size });
      offset += size;
    }
  });
  if (offset === 0) {
    throw new InputError({ what: 'The network has no parameters', advice: 'Add a dense layer' });
  }
  return {
    inputShape: options.input,
    outputShape: shapes.at(-1)!,
    layers: options.layers,
    shapes,
    blocks,
    size: offset,
    loss: options.loss,
    synapse: options.synapse,
    topology: { size: offset, connection: (index) => connectionAt(blocks, offset, index) },
  };
}

/** @throws InputError naming the layer where it cannot take such an input. */
function shapeBehind(layer: Layer, input: Shape, name: string): Shape {
  let output: Shape;
  try {
    output = layer.outputShape(input);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({ ...error.report, what: `${error.report.what}: ${name}` });
  }
  return checkShape(`output of ${name}`, output);
}

function connectionAt(blocks: readonly ParameterBlock[], size: number, index: number): Connection {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new InputError({ what: 'There is no such synapse', got: index, legal: `0 to ${size - 1}` });
  }
  const block = blocks.findLast((candidate) => candidate.offset <= index)!;
  const { shape, name } = block.spec;
  const sources = sizeOf(shape.slice(1));
  const within = index - block.offset;
  return {
    layer: block.layer,
    parameter: name,
    from: shape.length === 1 ? null : within % sources,
    to: Math.floor(within / sources),
  };
}

/** First values of all parameters, in the flat order. */
export function initialParameters(network: Network, stream: RandomStream): Float64Array {
  const phi = new Float64Array(network.size);
  for (const { spec, offset, size } of network.blocks) {
    initialise(phi.subarray(offset, offset + size), spec.initialiser, spec.fanIn, stream);
  }
  return phi;
}

/**
 * Whether a batch can be fed to a network.
 * @throws InputError where its inputs or targets do not fit, or a class index is out of range.
 */
export function checkBatchFits(network: Network, batch: Batch, name: string): void {
  const inputs = sizeOf(network.inputShape);
  const outputs = sizeOf(network.outputShape);
  const targets = network.loss.targets === 'classes' ? 1 : outputs;
  if (batch.inputs !== inputs) {
    throw new InputError({
      what: `${name}.x does not fit the network`,
      got: `${batch.inputs} numbers a sample`,
      legal: `${inputs}`,
    });
  }
  if (batch.targets !== targets) {
    throw new InputError({
      what: `${name}.y does not fit the network`,
      got: `${batch.targets} numbers a sample`,
      legal: `${targets}`,
    });
  }
  if (network.loss.targets === 'classes') {
    batch.y.forEach((label, sample) => {
      if (!Number.isInteger(label) || label < 0 || label >= outputs) {
        throw new InputError({
          what: `${name}.y[${sample}] is no class of this network`,
          got: label,
          legal: `whole numbers 0 to ${outputs - 1}`,
        });
      }
    });
  }
}
