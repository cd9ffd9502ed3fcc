import { sizeOf } from '../../../core/shape';
import type { ParameterRole } from '../../../network/layer';
import type { Network } from '../../../network/network';
import { layerKernels, lossKernels } from '../kernel-tables';
import type { Activations, BoundLayer, ParameterPlace, Wanted } from '../layer-kernels';
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
  private readonly layers: readonly BoundLayer[];
  /** The lowest layer with parameters of a role: nothing below it is asked for. */
  private readonly lowest: Readonly<Record<ParameterRole, number>>;
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
    const lowest = (role: ParameterRole) => Math.min(...this.blocks(role).map(({ layer }) => layer));
    this.lowest = { fast: lowest('fast'), meta: lowest('meta') };
    this.layers = this.bind();
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

  /** gradient = (add ? gradient : 0) + weight dL/dparameters of one role; the other role's gradient stays as it is. */
  gradient(weight: number, add: boolean, role: ParameterRole = 'fast'): void {
    this.forward();
    this.bound.forward(weight);
    this.backwards(role, add, (layer, wanted) => layer.backward(wanted));
  }

  /** product = (d2L/dphi2) direction for the fast parameters, by the R-operator. Writes the gradient too. */
  hessianVector(): void {
    this.gradient(1, false);
    for (const layer of this.layers) layer.forwardTangent();
    this.bound.tangent();
    this.backwards('fast', false, (layer, wanted) => layer.backwardTangent(wanted));
  }

  /** Gives its arrays back. */
  close(): void {
    for (const vector of this.own) this.options.allocation.release(vector);
  }

  private forward(): void {
    for (const layer of this.layers) layer.forward();
  }

  /** From the last layer down to the lowest one that has parameters of the role. */
  private backwards(
    role: ParameterRole,
    add: boolean,
    each: (layer: BoundLayer, wanted: Wanted) => void,
  ): void {
    const lowest = this.lowest[role];
    for (let l = this.layers.length - 1; l >= lowest; l--)
      each(this.layers[l]!, { role, add, below: l > lowest });
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

  private bind(): BoundLayer[] {
    const { network, samples, kernels } = this.options;
    const { gradients, tangents, gradientTangents } = this.vectorsOf;
    const { values } = this;
    return network.layers.map((layer, l) =>
      layerKernels(layer).bind({
        ...{ layer, samples, kernels, allocate: (count) => this.allocate(count) },
        parameters: layer.parameters.map(({ name, role }) => this.place(l, name, role)),
        ...{ input: values[l]!, output: values[l + 1]! },
        ...{ inputGradient: gradients[l]!, outputGradient: gradients[l + 1]! },
        ...{ inputTangent: l > 0 ? tangents[l]! : null, outputTangent: tangents[l + 1]! },
        inputGradientTangent: gradientTangents[l]!,
        outputGradientTangent: gradientTangents[l + 1]!,
      }),
    );
  }

  private place(layer: number, name: string, role: ParameterRole): ParameterPlace {
    const { offset } = this.blocks(role).find((block) => block.layer === layer && block.spec.name === name)!;
    const at = (vector: Vector): number => vector.pointer + 4 * offset;
    const { values, gradient, direction, product } = this.options.vectors[role];
    return {
      ...{ role, values: at(values), gradient: at(gradient) },
      ...{ direction: at(direction), product: at(product) },
    };
  }

  private blocks(role: ParameterRole): Network['blocks'] {
    const { network } = this.options;
    return role === 'fast' ? network.blocks : network.meta.blocks;
  }
}
