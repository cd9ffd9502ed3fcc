import { sizeOf } from '../../core/shape';
import type { Layer, ParameterRole } from '../../network/layer';
import type { Network, ParameterBlock } from '../../network/network';
import type { DeviceBatch } from './device-batch';
import type { Handle, KernelMaker } from './kernel-maker';
import { layerKernels, lossKernels } from './kernel-tables';
import type { PlannedLayer } from './layer-kernels';
import type { PlannedLoss } from './loss-kernels';

/** The flat vectors of both roles on the device. */
export type RoleVectors = Readonly<Record<ParameterRole, Handle>>;

/** One network's kernels for batches of one number of samples, called while a plan is written down. */
export class NetworkKernels {
  private readonly layers: readonly { readonly planned: PlannedLayer; readonly role: ParameterRole }[];
  private readonly loss: PlannedLoss;

  constructor(
    private readonly network: Network,
    samples: number,
    make: KernelMaker,
  ) {
    const width = (index: number) => sizeOf(network.shapes[index]!);
    this.layers = network.layers.map((layer, index) => {
      const role = roleOf(layer);
      const places = layer.parameters.map(
        (spec) => blocksOf(network, role).find((block) => block.layer === index && block.spec === spec)!,
      );
      const surroundings = {
        ...{ layer, samples, places, make, inputs: width(index), outputs: width(index + 1) },
        vectorSize: role === 'fast' ? network.size : network.meta.size,
      };
      return { planned: layerKernels(layer).plan(surroundings), role };
    });
    const outputs = sizeOf(network.outputShape);
    this.loss = lossKernels(network.loss).plan({ samples, outputs, make });
  }

  /** The network's outputs. */
  outputs(vectors: RoleVectors, x: Handle): Handle {
    return this.forward(vectors, x).at(-1)!;
  }

  /** `gradient` + weight dL/dparameters of one role. */
  addGradient(
    role: ParameterRole,
    gradient: Handle,
    vectors: RoleVectors,
    { x, y, weight }: DeviceBatch,
  ): Handle {
    const values = this.forward(vectors, x);
    const lowest = Math.min(...blocksOf(this.network, role).map(({ layer }) => layer));
    let sum = gradient;
    let outputGradient = this.loss.gradient(values.at(-1)!, y, weight);
    for (let index = this.layers.length - 1; index >= lowest; index--) {
      const { planned, role: own } = this.layers[index]!;
      const around = { input: values[index]!, output: values[index + 1]!, outputGradient };
      if (own === role) sum = planned.addParameterGradient?.(sum, around) ?? sum;
      if (index > lowest) outputGradient = planned.inputGradient(vectors[own], around);
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
    this.layers.forEach(({ planned, role }, index) => {
      const around = { input: values[index]!, output: values[index + 1]!, inputTangent: tangents[index]! };
      tangents.push(planned.forwardTangent(vectors[role], directions[role], around));
    });
    const lowest = Math.min(...this.network.blocks.map(({ layer }) => layer));
    let sum = product;
    let outputGradient = this.loss.gradient(values.at(-1)!, y, weight);
    let outputGradientTangent = this.loss.gradientTangent(values.at(-1)!, tangents.at(-1)!);
    for (let index = this.layers.length - 1; index >= lowest; index--) {
      const { planned, role } = this.layers[index]!;
      const around = {
        ...{ input: values[index]!, output: values[index + 1]!, outputGradient, outputGradientTangent },
        ...{ inputTangent: tangents[index]!, outputTangent: tangents[index + 1]! },
      };
      if (role === 'fast') sum = planned.addParameterGradientTangent?.(sum, around) ?? sum;
      if (index === lowest) break;
      outputGradientTangent = planned.inputGradientTangent(vectors[role], directions[role], around);
      outputGradient = planned.inputGradient(vectors[role], around);
    }
    return sum;
  }

  /** The network's input, and each layer's output. */
  private forward(vectors: RoleVectors, x: Handle): Handle[] {
    const values = [x];
    for (const { planned, role } of this.layers) values.push(planned.forward(vectors[role], values.at(-1)!));
    return values;
  }
}

function blocksOf(network: Network, role: ParameterRole): readonly ParameterBlock[] {
  return role === 'fast' ? network.blocks : network.meta.blocks;
}

/** The role of a layer's parameters, which the layers known here have in common. */
function roleOf(layer: Layer): ParameterRole {
  return layer.parameters[0]?.role ?? 'fast';
}
