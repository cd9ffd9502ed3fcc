import { sizeOf } from '../../core/shape';
import type { Batch } from '../../data/batch';
import type { ParameterRole } from '../../network/layer';
import type { Network } from '../../network/network';
import { layerArithmetic, lossArithmetic } from './arithmetic-table';
import type { LayerArithmetic, TangentPass } from './layer-arithmetic';
import type { LossArithmetic } from './loss-arithmetic';

/** The flat vectors of one role that passes read and add to in place; they are the session's. */
export interface RoleVectors {
  readonly values: Float64Array;
  /** dL/dvalues: `addGradient` adds to it. */
  readonly gradient: Float64Array;
  /** The direction of `addHessianVector`. */
  readonly direction: Float64Array;
  /** The Hessian times that direction: `addHessianVector` adds to it. */
  readonly product: Float64Array;
}

/**
 * Forward, backward and tangent passes of one network over batches of one number of samples, in arrays that are
 * allocated once.
 */
export class NetworkPass {
  private readonly arithmetic: LayerArithmetic[];
  private readonly loss: LossArithmetic;
  /** Values, gradients and their tangents at the input of each layer and behind the last one. */
  private readonly values: Float64Array[];
  private readonly gradients: Float64Array[];
  private readonly tangents: Float64Array[];
  private readonly gradientTangents: Float64Array[];
  private readonly passes: Record<ParameterRole, Writable<TangentPass>[]>;
  private targets: Float64Array = new Float64Array(0);

  constructor(
    private readonly network: Network,
    private readonly samples: number,
    private readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>,
  ) {
    this.arithmetic = network.layers.map(layerArithmetic);
    this.loss = lossArithmetic(network.loss);
    const allocate = (): Float64Array[] =>
      network.shapes.map((shape) => new Float64Array(samples * sizeOf(shape)));
    [this.values, this.gradients, this.tangents, this.gradientTangents] = [
      allocate(),
      allocate(),
      allocate(),
      allocate(),
    ];
    this.passes = { fast: this.layout('fast'), meta: this.layout('meta') };
  }

  /** Takes another batch of the same number of samples. */
  use({ x, y }: Batch): this {
    this.targets = y;
    this.passes.fast[0]!.input = x;
    this.passes.meta[0]!.input = x;
    return this;
  }

  /** L of the batch. */
  evaluate(): { loss: number; outputs: Float64Array } {
    return { loss: this.forward(null), outputs: this.values.at(-1)!.slice() };
  }

  /** gradient += weight dL/dparameters of one role; returns L. */
  addGradient(weight: number, role: ParameterRole = 'fast'): number {
    const outputGradient = this.gradients.at(-1)!;
    const loss = this.forward(outputGradient);
    if (weight !== 1) for (let i = 0; i < outputGradient.length; i++) outputGradient[i]! *= weight;
    const passes = this.passes[role];
    for (let l = passes.length - 1; l >= 0; l--) this.arithmetic[l]!.backward(passes[l]!);
    return loss;
  }

  /**
   * product += (d2L/dphi2) direction for the fast parameters, by the R-operator (Pearlmutter 1994). Adds dL/dphi to
   * the gradient too.
   */
  addHessianVector(): void {
    this.addGradient(1);
    const { arithmetic, values, tangents, gradientTangents, targets, samples } = this;
    const passes = this.passes.fast;
    for (let l = 0; l < passes.length; l++) arithmetic[l]!.forwardTangent(passes[l]!);
    this.loss.gradientTangent(values.at(-1)!, tangents.at(-1)!, targets, samples, gradientTangents.at(-1)!);
    for (let l = passes.length - 1; l >= 0; l--) arithmetic[l]!.backwardTangent(passes[l]!);
  }

  private forward(outputGradient: Float64Array | null): number {
    const passes = this.passes.fast;
    for (let l = 0; l < passes.length; l++) this.arithmetic[l]!.forward(passes[l]!);
    return this.loss.forward(this.values.at(-1)!, this.targets, this.samples, outputGradient);
  }

  /** The arrays of each layer for a pass that asks for the gradient of one role's parameters. */
  private layout(wanted: ParameterRole): Writable<TangentPass>[] {
    const { network, samples, values, gradients, tangents, gradientTangents } = this;
    const lowest = Math.min(...this.blocks(wanted).map(({ layer }) => layer));
    return network.layers.map((layer, index) => {
      const own = layer.parameters.map((spec) => {
        const { offset, size } = this.blocks(spec.role).find((b) => b.layer === index && b.spec === spec)!;
        return (field: keyof RoleVectors) => this.vectors[spec.role][field].subarray(offset, offset + size);
      });
      const asked = (field: keyof RoleVectors) =>
        own.map((part, i) => (layer.parameters[i]!.role === wanted ? part(field) : null));
      const needsInputGradient = index > lowest;
      return {
        layer,
        samples,
        inputShape: network.shapes[index]!,
        outputShape: network.shapes[index + 1]!,
        parameters: own.map((part) => part('values')),
        parameterTangents: own.map((part) => part('direction')),
        parameterGradients: asked('gradient'),
        parameterGradientTangents: asked('product'),
        input: values[index]!,
        output: values[index + 1]!,
        outputGradient: gradients[index + 1]!,
        inputGradient: needsInputGradient ? gradients[index]! : null,
        inputTangent: tangents[index]!,
        outputTangent: tangents[index + 1]!,
        outputGradientTangent: gradientTangents[index + 1]!,
        inputGradientTangent: needsInputGradient ? gradientTangents[index]! : null,
      };
    });
  }

  private blocks(role: ParameterRole): Network['blocks'] {
    return role === 'fast' ? this.network.blocks : this.network.meta.blocks;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
