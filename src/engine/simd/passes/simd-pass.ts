import { sizeOf } from '../../../core/shape';
import type { ParameterRole } from '../../../network/layer';
import type { Network } from '../../../network/network';
import { layerKernels, lossKernels } from '../kernel-tables';
import type { Activations, BoundLayer, ParameterPlace } from '../layer-kernels';
import type { BoundLoss } from '../loss-kernels';
import type { Kernels } from '../machine/kernels';
import { type Allocation, inFloat64, padded, type Vector } from '../machine/shared-memory';

/** The flat vectors of one role, which are the session's. */
export interface RoleVectors {
  readonly values: Vector;
  readonly gradient: Vector;
  readonly direction: Vector;
  readonly product: Vector;
}

interface SimdPassOptions {
  readonly network: Network;
  readonly samples: number;
  readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  readonly allocation: Allocation;
  readonly kernels: Kernels;
}

/** Forward, backward and tangent passes over batches of one number of samples, in arrays that are allocated once. */
export class SimdPass {
  private readonly values: Activations[];
  private readonly targets: Activations;
  private readonly bound: BoundLoss;
  /** [1]: the sum that the loss is a mean of. */
  private readonly sum: Float64Array;
  private readonly fast: readonly BoundLayer[];
  private metaLayers: readonly BoundLayer[] | null = null;
  private readonly vectorsOf: Readonly<Record<'gradients' | 'tangents' | 'gradientTangents', Activations[]>>;
  private readonly own: Vector[] = [];

  constructor(private readonly options: SimdPassOptions) {
    const { network, samples, kernels } = options;
    const activations = (): Activations[] => network.shapes.map((shape) => this.activations(sizeOf(shape)));
    this.values = activations();
    const [gradients, tangents, gradientTangents] = [activations(), activations(), activations()];
    this.vectorsOf = { gradients, tangents, gradientTangents };
    this.targets = { ...this.values.at(-1)! };
    const sum = this.allocate(2);
    this.sum = inFloat64(sum);
    this.bound = lossKernels(network.loss).bind({
      ...{ kernels, samples, outputs: this.values.at(-1)!, targets: this.targets },
      ...{ gradient: gradients.at(-1)!, outputsTangent: tangents.at(-1)! },
      ...{ gradientTangent: gradientTangents.at(-1)!, sum: sum.pointer },
    });
    this.fast = this.bind('fast');
  }

  /** Takes another batch of the same number of samples: where its inputs and targets lie. */
  use(inputs: number, targets: number): this {
    this.values[0]!.pointer = inputs;
    this.targets.pointer = targets;
    return this;
  }

  /** The predictions, in `outputs`, and L of the batch. */
  evaluate(): void {
    this.forward();
    this.bound.forward(null);
  }

  get outputs(): Activations {
    return this.values.at(-1)!;
  }

  /** L of the batch, once the kernels of a pass have run. */
  get loss(): number {
    return this.bound.mean * this.sum[0]!;
  }

  /** gradient = (add ? gradient : 0) + weight dL/dparameters of one role. */
  gradient(weight: number, add: boolean, role: ParameterRole = 'fast'): void {
    this.forward();
    this.bound.forward(weight);
    const layers = role === 'fast' ? this.fast : this.meta;
    for (let l = layers.length - 1; l >= 0; l--) layers[l]!.backward(add);
  }

  /** product = (d2L/dphi2) direction for the fast parameters, by the R-operator. Writes the gradient too. */
  hessianVector(): void {
    this.gradient(1, false);
    for (const layer of this.fast) layer.forwardTangent();
    this.bound.tangent();
    for (let l = this.fast.length - 1; l >= 0; l--) this.fast[l]!.backwardTangent(false);
  }

  /** Gives its arrays back. */
  close(): void {
    for (const vector of this.own) this.options.allocation.release(vector);
  }

  private forward(): void {
    for (let l = 0; l < this.fast.length; l++) this.fast[l]!.forward();
  }

  private get meta(): readonly BoundLayer[] {
    this.metaLayers ??= this.bind('meta');
    return this.metaLayers;
  }

  private allocate(count: number): Vector {
    const vector = this.options.allocation.vector(count);
    this.own.push(vector);
    return vector;
  }

  private activations(width: number): Activations {
    const stride = padded(width);
    return { pointer: this.allocate(this.options.samples * stride).pointer, width, stride };
  }

  /** The layers for passes that ask for the gradient of one role's parameters. */
  private bind(wanted: ParameterRole): BoundLayer[] {
    const { network, samples, kernels } = this.options;
    const { gradients, tangents, gradientTangents } = this.vectorsOf;
    const { values } = this;
    const lowest = Math.min(...this.blocks(wanted).map(({ layer }) => layer));
    return network.layers.map((layer, l) =>
      layerKernels(layer).bind({
        ...{ layer, samples, kernels, allocate: (count) => this.allocate(count) },
        parameters: layer.parameters.map((spec) => this.place(l, spec.name, spec.role, wanted)),
        ...{ input: values[l]!, output: values[l + 1]!, outputGradient: gradients[l + 1]! },
        inputGradient: l > lowest ? gradients[l]! : null,
        inputTangent: l > 0 ? tangents[l]! : null,
        ...{ outputTangent: tangents[l + 1]!, outputGradientTangent: gradientTangents[l + 1]! },
        inputGradientTangent: l > lowest ? gradientTangents[l]! : null,
      }),
    );
  }

  private place(layer: number, name: string, role: ParameterRole, wanted: ParameterRole): ParameterPlace {
    const { offset } = this.blocks(role).find((block) => block.layer === layer && block.spec.name === name)!;
    const at = (vector: Vector): number => vector.pointer + 4 * offset;
    const asked = (vector: Vector): number => (role === wanted ? at(vector) : 0);
    const { values, gradient, direction, product } = this.options.vectors[role];
    return {
      values: at(values),
      gradient: asked(gradient),
      direction: at(direction),
      product: asked(product),
    };
  }

  private blocks(role: ParameterRole): Network['blocks'] {
    const { network } = this.options;
    return role === 'fast' ? network.blocks : network.meta.blocks;
  }
}
