import { z } from 'zod';
import { InputError } from '../core/errors';
import { madeBy } from '../core/origin';
import type { RandomStream } from '../core/random';
import { checkShape, type Shape, sizeOf } from '../core/shape';
import { hasFields, made, validate } from '../core/validate';
import type { Batch } from '../data/batch';
import { type SynapseModel, synapseModelSchema } from '../synapse/model';
import { type Connection, connectionIn, type SynapseBlock, type Topology } from '../synapse/topology';
import { checkNeuronParameters } from './check-neuron-parameters';
import { backprop } from './credit/backprop';
import { type Credit, creditSchema } from './credit/credit';
import { initialise } from './initialiser';
import { type Layer, layerSchema, type ParameterRole, type ParameterSpec } from './layer';
import { type Loss, lossSchema } from './loss';

/** One array of parameters, where it lies in the flat vector of its role. */
export interface ParameterBlock {
  readonly layer: number;
  readonly spec: ParameterSpec;
  /** Index of its first entry in the flat vector. */
  readonly offset: number;
  readonly size: number;
}

/** All parameters of one role as one flat vector: layer after layer, in each layer in its description's order. */
export interface ParameterVector {
  readonly blocks: readonly ParameterBlock[];
  readonly size: number;
  /** Which connection each entry is. */
  readonly topology: Topology;
}

/**
 * A network as a description: layers, shapes, the order of its parameters, its loss, its synapse model. Its own
 * `blocks`, `size` and `topology` are those of the fast parameters, each of which is a synapse with a phi.
 */
export interface Network extends ParameterVector {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly layers: readonly Layer[];
  /** Input shape of each layer, and behind the last one the output shape. */
  readonly shapes: readonly Shape[];
  readonly loss: Loss;
  readonly synapse: SynapseModel;
  /** Where its synapses' gradients come from. */
  readonly credit: Credit;
  /** Parameters that learn between tasks only (theta): whole weights, in learning by modulation. Often none. */
  readonly meta: ParameterVector;
}

/** What a network is made of. */
export interface NetworkOptions {
  /** Shape of one sample's input. */
  readonly input: Shape;
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  readonly synapse: SynapseModel;
  /** Where its synapses' gradients come from. Default: `backprop`. */
  readonly credit?: Credit;
}

/** What `defineNetwork` and `mlp` make. */
export const networkSchema = made<Network>(
  'a network made by defineNetwork() or mlp()',
  (value) =>
    hasFields(value, {
      size: 'number',
      topology: 'object',
      meta: 'object',
      synapse: 'object',
      loss: 'object',
    }) &&
    Array.isArray((value as Network).layers) &&
    Array.isArray((value as Network).shapes),
);

const networkOptions = z.strictObject({
  input: z.array(z.int().min(1)).min(1),
  layers: z.array(layerSchema),
  loss: lossSchema,
  synapse: synapseModelSchema,
  credit: creditSchema.optional(),
});

/**
 * Lays out a network: checks that the layers fit, and orders the parameters layer after layer, each layer's
 * in the order that its description gives.
 * @throws InputError where a layer does not fit its input or declares neurons that it lacks, or nothing learns inside
 * a task.
 */
export function defineNetwork(options: NetworkOptions): Network {
  const given = validate(networkOptions, options, 'the options of defineNetwork');
  const { input, layers, loss, synapse, credit = backprop } = given;
  const shapes: Shape[] = [input];
  const blocks: Record<ParameterRole, ParameterBlock[]> = { fast: [], meta: [] };
  const size: Record<ParameterRole, number> = { fast: 0, meta: 0 };
  layers.forEach((layer, index) => {
    const name = `layer ${index} (${layer.kind})`;
    shapes.push(shapeBehind(layer, shapes[index]!, name));
    for (const spec of layer.parameters) {
      const entries = sizeOf(checkShape(`${name}, ${spec.name}`, spec.shape));
      blocks[spec.role].push({ layer: index, spec, offset: size[spec.role], size: entries });
      size[spec.role] += entries;
    }
    checkNeuronParameters(layer, name);
  });
  if (size.fast === 0) {
    throw new InputError({ what: 'The network has no fast parameters', advice: 'Add a dense layer' });
  }
  return madeBy('src/network/network', 'defineNetwork', [given], {
    inputShape: input,
    outputShape: shapes.at(-1)!,
    layers,
    shapes,
    loss,
    synapse,
    credit,
    ...parameterVector(blocks.fast, size.fast, shapes),
    meta: parameterVector(blocks.meta, size.meta, shapes),
  });
}

/**
 * The same network with another source of credit.
 * @throws InputError where it is no network, or no source of credit.
 */
export function withCredit(network: Network, credit: Credit): Network {
  const { inputShape, layers, loss, synapse } = validate(networkSchema, network, 'the network');
  return defineNetwork({ input: inputShape, layers, loss, synapse, credit });
}

function parameterVector(
  blocks: readonly ParameterBlock[],
  size: number,
  shapes: readonly Shape[],
): ParameterVector {
  const placed = blocks.map(({ layer, spec, offset }): SynapseBlock => {
    const output = shapes[layer + 1]!;
    const ends = output.length > 1 && output[0] === spec.shape[0] ? 'channel' : 'unit';
    return { layer, parameter: spec.name, shape: spec.shape, first: offset, ends };
  });
  const connection = (index: number) => connectionAt(placed, size, index);
  return { blocks, size, topology: { size, connection, blocks: placed } };
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

function connectionAt(blocks: readonly SynapseBlock[], size: number, index: number): Connection {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new InputError({ what: 'There is no such synapse', got: index, legal: `0 to ${size - 1}` });
  }
  const block = blocks.findLast(({ first }) => first <= index)!;
  return connectionIn(block, index - block.first);
}

/**
 * First values of all parameters, drawn layer after layer, as one flat vector for each role.
 * @throws InputError where the network or the stream is none.
 */
export function initialParameters(
  network: Network,
  stream: RandomStream,
): { fast: Float64Array; meta: Float64Array } {
  validate(networkSchema, network, 'the network');
  const fast = new Float64Array(network.size);
  const meta = new Float64Array(network.meta.size);
  const blocks = [...network.blocks, ...network.meta.blocks].sort((a, b) => a.layer - b.layer);
  for (const { spec, offset, size } of blocks) {
    const values = (spec.role === 'fast' ? fast : meta).subarray(offset, offset + size);
    initialise(values, spec.initialiser, spec.fanIn, stream);
  }
  return { fast, meta };
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
