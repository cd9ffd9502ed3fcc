import { sizeOf } from '../../core/shape';
import type { Batch } from '../../data/batch';
import type { ParameterRole } from '../../network/layer';
import type { BatchNormLayer } from '../../network/layers/batch-norm';
import type { Network } from '../../network/network';
import type { RunningFeatures, RunningLayout } from '../../network/running-statistics';
import type { GradientSource, RoleVectors, SourceSurroundings } from './gradient-source';
import type { LayerArithmetic, TangentPass } from './layer-arithmetic';
import { layerArithmetic } from './layer-table';
import { batchStatistics } from './layers/batch-norm';
import type { LossArithmetic } from './loss-arithmetic';
import { lossArithmetic } from './loss-table';
import type { RunningAverages } from './running-averages';

/**
 * Forward, backward and tangent passes of one network over batches of one number of samples, in arrays that are
 * allocated once.
 */
export class NetworkPass implements GradientSource {
  private readonly arithmetic: LayerArithmetic[];
  private readonly loss: LossArithmetic;
  /** Values, gradients and their tangents at the input of each layer and behind the last one. */
  private readonly values: Float64Array[];
  private readonly gradients: Float64Array[];
  private readonly tangents: Float64Array[];
  private readonly gradientTangents: Float64Array[];
  /** The arrays of each layer, one object for each whatever the role, so that a layer may keep something by it between passes. */
  private readonly passes: Writable<TangentPass>[];
  /** What of these differs with the role whose gradients are asked for. */
  private readonly asked: Readonly<Record<ParameterRole, readonly Asked[]>>;
  /** The lowest layer with parameters of a role: nothing below it is asked for. */
  private readonly lowest: Readonly<Record<ParameterRole, number>>;
  private targets: Float64Array = new Float64Array(0);

  private readonly network: Network;
  private readonly samples: number;
  private readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;

  constructor({ network, samples, vectors }: SourceSurroundings) {
    this.network = network;
    this.samples = samples;
    this.vectors = vectors;
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
    const lowest = (role: ParameterRole) => Math.min(...this.blocks(role).map(({ layer }) => layer));
    this.lowest = { fast: lowest('fast'), meta: lowest('meta') };
    this.asked = { fast: this.askFor('fast'), meta: this.askFor('meta') };
    this.passes = network.layers.map((_, index) => ({ ...this.layout(index), ...this.asked.fast[index]! }));
  }

  /** Takes another batch of the same number of samples. */
  use({ x, y }: Batch): this {
    this.targets = y;
    this.passes[0]!.input = x;
    return this;
  }

  /**
   * L of the batch.
   * @param running The running statistics that batch norm is to take instead of the batch's; null where it is not to.
   */
  evaluate(running: Pick<RunningAverages, 'layout' | 'values'> | null = null): {
    loss: number;
    outputs: Float64Array;
  } {
    const { layers } = running?.layout ?? { layers: [] };
    for (const place of layers) this.passes[place.layer]!.running = statisticsAt(place, running!.values);
    const loss = this.forward(null);
    for (const { layer } of layers) this.passes[layer]!.running = null;
    return { loss, outputs: this.values.at(-1)!.slice() };
  }

  /** The statistics of the batch that went forward last, laid out as `runningStatistics`. */
  batchStatistics({ layers }: RunningLayout, into: Float64Array): void {
    for (const place of layers) {
      const pass = this.passes[place.layer]! as unknown as TangentPass<BatchNormLayer>;
      batchStatistics(pass, statisticsAt(place, into));
    }
  }

  /** gradient += weight dL/dparameters of one role; returns L. */
  addGradient(weight: number, role: ParameterRole = 'fast'): number {
    const outputGradient = this.gradients.at(-1)!;
    const loss = this.forward(outputGradient);
    if (weight !== 1) for (let i = 0; i < outputGradient.length; i++) outputGradient[i]! *= weight;
    const { passes } = this;
    const asked = this.asked[role];
    for (let l = passes.length - 1; l >= this.lowest[role]; l--) {
      this.arithmetic[l]!.backward(Object.assign(passes[l]!, asked[l]!));
    }
    return loss;
  }

  /**
   * product += (d2L/dparameters dphi) direction for the parameters of one role and a direction of the fast ones, by the R-operator
   * (Pearlmutter 1994). Adds dL/dparameters to the gradient too.
   */
  addHessianVector(role: ParameterRole = 'fast'): void {
    this.addGradient(1, role);
    const { arithmetic, values, tangents, gradientTangents, targets, samples } = this;
    const { passes } = this;
    for (let l = 0; l < passes.length; l++) arithmetic[l]!.forwardTangent(passes[l]!);
    this.loss.gradientTangent(values.at(-1)!, tangents.at(-1)!, targets, samples, gradientTangents.at(-1)!);
    for (let l = passes.length - 1; l >= this.lowest[role]; l--) arithmetic[l]!.backwardTangent(passes[l]!);
  }

  private forward(outputGradient: Float64Array | null): number {
    const { passes } = this;
    for (let l = 0; l < passes.length; l++) this.arithmetic[l]!.forward(passes[l]!);
    return this.loss.forward(this.values.at(-1)!, this.targets, this.samples, outputGradient);
  }

  private layout(index: number): Omit<TangentPass, keyof Asked> {
    const { network, samples, values, gradients, tangents, gradientTangents } = this;
    return {
      layer: network.layers[index]!,
      samples,
      inputShape: network.shapes[index]!,
      outputShape: network.shapes[index + 1]!,
      parameters: this.parameters(index, 'values'),
      parameterTangents: this.parameters(index, 'direction'),
      input: values[index]!,
      output: values[index + 1]!,
      outputGradient: gradients[index + 1]!,
      inputTangent: tangents[index]!,
      outputTangent: tangents[index + 1]!,
      outputGradientTangent: gradientTangents[index + 1]!,
    };
  }

  /** What each layer is to write for the gradient of one role's parameters. */
  private askFor(role: ParameterRole): Asked[] {
    return this.network.layers.map((layer, index) => {
      const ofRole = (field: keyof RoleVectors) =>
        this.parameters(index, field).map((part, i) => (layer.parameters[i]!.role === role ? part : null));
      const below = index > this.lowest[role];
      return {
        parameterGradients: ofRole('gradient'),
        parameterGradientTangents: ofRole('product'),
        inputGradient: below ? this.gradients[index]! : null,
        inputGradientTangent: below ? this.gradientTangents[index]! : null,
      };
    });
  }

  /** The part of a flat vector that each of a layer's parameters has, in the order of its description. */
  private parameters(index: number, field: keyof RoleVectors): Float64Array[] {
    return this.network.layers[index]!.parameters.map((spec) => {
      const { offset, size } = this.blocks(spec.role).find((b) => b.layer === index && b.spec === spec)!;
      return this.vectors[spec.role][field].subarray(offset, offset + size);
    });
  }

  private blocks(role: ParameterRole): Network['blocks'] {
    return role === 'fast' ? this.network.blocks : this.network.meta.blocks;
  }
}

const statisticsAt = ({ mean, variance, features }: RunningFeatures, values: Float64Array) => ({
  mean: values.subarray(mean, mean + features),
  variance: values.subarray(variance, variance + features),
});

type Asked = Pick<
  TangentPass,
  'parameterGradients' | 'parameterGradientTangents' | 'inputGradient' | 'inputGradientTangent'
>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
