import { sizeOf } from '../../core/shape';
import type { ParameterRole } from '../../network/layer';
import type { Network, ParameterBlock } from '../../network/network';
import type { DeviceBatch } from './device-batch';
import type { Handle, KernelMaker } from './kernel-maker';
import { layerKernels, lossKernels } from './kernel-tables';
import type { LayerValues, PlannedLayer, RoleVectors } from './layer-kernels';
import type { PlannedLoss } from './loss-kernels';

/** One network's kernels for batches of one number of samples, called while a plan is written down. */
export class NetworkKernels {
  private readonly layers: readonly PlannedLayer[];
  private readonly loss: PlannedLoss;

  constructor(
    private readonly network: Network,
    samples: number,
    make: KernelMaker,
  ) {
    this.layers = network.layers.map((layer, index) => {
      const places = layer.parameters.map(
        (spec) => blocksOf(network, spec.role).find((block) => block.layer === index && block.spec === spec)!,
      );
      const [inputShape, outputShape] = [network.shapes[index]!, network.shapes[index + 1]!];
      return layerKernels(layer).plan({
        layer,
        samples,
        inputShape,
        outputShape,
        inputs: sizeOf(inputShape),
        outputs: sizeOf(outputShape),
        places,
        vectorSizes: { fast: network.size, meta: network.meta.size },
        make,
      });
    });
    const outputs = sizeOf(network.outputShape);
    this.loss = lossKernels(network.loss).plan({ samples, outputs, make });
  }

  /** The network's outputs. */
  outputs(vectors: RoleVectors, x: Handle): Handle {
    return outputsOf(this.forward(vectors, x));
  }

  /** `gradient` + weight dL/dparameters of one role. */
  addGradient(
    role: ParameterRole,
    gradient: Handle,
    vectors: RoleVectors,
    { x, y, weight }: DeviceBatch,
  ): Handle {
    const values = this.forward(vectors, x);
    const owners = layersOf(this.network, role);
    const lowest = Math.min(...owners);
    let sum = gradient;
    let outputGradient = this.loss.gradient(outputsOf(values), y, weight);
    for (let index = this.layers.length - 1; index >= lowest; index--) {
      const layer = this.layers[index]!;
      const around = { ...values[index]!, outputGradient };
      if (owners.has(index)) sum = layer.addParameterGradient?.(role, sum, around) ?? sum;
      if (index > lowest) outputGradient = layer.inputGradient(vectors, around);
    }
    return sum;
  }

  /**
   * `product` + (d2L/dphi2) direction for the fast parameters, by the R-operator (Pearlmutter 1994). The directions of the
   * meta-parameters and of the network's input are zeros.
   */
  addHessianVector(
    product: Handle,
    vectors: RoleVectors,
    directions: RoleVectors,
    { x, y, weight }: DeviceBatch,
    inputTangent: Handle,
  ): Handle {
    const values = this.forward(vectors, x);
    const tangents = [inputTangent];
    this.layers.forEach((layer, index) => {
      const around = { ...values[index]!, inputTangent: tangents[index]! };
      tangents.push(layer.forwardTangent(vectors, directions, around));
    });
    const owners = layersOf(this.network, 'fast');
    const lowest = Math.min(...owners);
    let sum = product;
    let outputGradient = this.loss.gradient(outputsOf(values), y, weight);
    let outputGradientTangent = this.loss.gradientTangent(outputsOf(values), tangents.at(-1)!);
    for (let index = this.layers.length - 1; index >= lowest; index--) {
      const layer = this.layers[index]!;
      const [inputTangent, outputTangent] = [tangents[index]!, tangents[index + 1]!];
      const gradients = { outputGradient, outputGradientTangent };
      const around = { ...values[index]!, inputTangent, outputTangent, ...gradients };
      if (owners.has(index)) sum = layer.addParameterGradientTangent?.('fast', sum, around) ?? sum;
      if (index === lowest) break;
      outputGradientTangent = layer.inputGradientTangent(vectors, directions, around);
      outputGradient = layer.inputGradient(vectors, around);
    }
    return sum;
  }

  /** Each layer's input and output; a network has at least one layer. */
  private forward(vectors: RoleVectors, x: Handle): readonly LayerValues[] {
    const values: LayerValues[] = [];
    let input = x;
    for (const layer of this.layers) {
      const kept = layer.keep?.(input) ?? [];
      const output = layer.forward(vectors, { input, kept });
      values.push({ input, kept, output });
      input = output;
    }
    return values;
  }
}

const outputsOf = (values: readonly LayerValues[]): Handle => values.at(-1)!.output;

function blocksOf(network: Network, role: ParameterRole): readonly ParameterBlock[] {
  return role === 'fast' ? network.blocks : network.meta.blocks;
}

/** The layers that have parameters of a role. */
function layersOf(network: Network, role: ParameterRole): ReadonlySet<number> {
  return new Set(blocksOf(network, role).map(({ layer }) => layer));
}
