import { sizeOf } from '../../core/shape';
import type { Batch } from '../../data/batch';
import type { Network } from '../../network/network';
import { layerArithmetic, lossArithmetic } from './arithmetic-table';
import type { LayerArithmetic, TangentPass } from './layer-arithmetic';
import type { LossArithmetic } from './loss-arithmetic';

/**
 * Forward, backward and tangent passes of one network over one batch, in arrays that are allocated once.
 * `phi` and `gradient` are the caller's flat vectors, read and added to in place.
 */
export class NetworkPass {
  private readonly layers: TangentPass[] = [];
  private readonly arithmetic: LayerArithmetic[];
  private readonly loss: LossArithmetic;
  private readonly outputs: Float64Array;
  private readonly outputGradient: Float64Array;
  private readonly outputTangent: Float64Array;
  private readonly outputGradientTangent: Float64Array;

  constructor(
    network: Network,
    private readonly batch: Batch,
    phi: Float64Array,
    /** dL/dphi: `backward` adds to it. */
    readonly gradient: Float64Array,
    /** The direction of `hessianVector`, and its result. */
    readonly direction: Float64Array,
    readonly product: Float64Array,
  ) {
    const { samples } = batch;
    this.arithmetic = network.layers.map(layerArithmetic);
    this.loss = lossArithmetic(network.loss);
    const allocate = (): Float64Array[] =>
      network.shapes.map((shape) => new Float64Array(samples * sizeOf(shape)));
    const [values, gradients, tangents, gradientTangents] = [allocate(), allocate(), allocate(), allocate()];
    values[0] = batch.x;
    network.layers.forEach((layer, index) => {
      const blocks = network.blocks.filter((block) => block.layer === index);
      const start = blocks[0]?.offset ?? 0;
      const stop = blocks.reduce((end, block) => end + block.size, start);
      const needsInputGradient = network.blocks.some((block) => block.layer < index);
      this.layers.push({
        layer,
        samples,
        parameters: phi.subarray(start, stop),
        parametersTangent: direction.subarray(start, stop),
        parameterGradient: gradient.subarray(start, stop),
        parameterGradientTangent: product.subarray(start, stop),
        input: values[index]!,
        output: values[index + 1]!,
        outputGradient: gradients[index + 1]!,
        inputGradient: needsInputGradient ? gradients[index]! : null,
        inputTangent: tangents[index]!,
        outputTangent: tangents[index + 1]!,
        outputGradientTangent: gradientTangents[index + 1]!,
        inputGradientTangent: needsInputGradient ? gradientTangents[index]! : null,
      });
    });
    this.outputs = values.at(-1)!;
    this.outputGradient = gradients.at(-1)!;
    this.outputTangent = tangents.at(-1)!;
    this.outputGradientTangent = gradientTangents.at(-1)!;
  }

  /** L(phi; batch). */
  evaluate(): { loss: number; outputs: Float64Array } {
    return { loss: this.forward(null), outputs: this.outputs.slice() };
  }

  /** gradient += weight dL/dphi; returns L. */
  addGradient(weight: number): number {
    const loss = this.forward(this.outputGradient);
    if (weight !== 1) {
      for (let i = 0; i < this.outputGradient.length; i++) this.outputGradient[i]! *= weight;
    }
    for (let l = this.layers.length - 1; l >= 0; l--) this.arithmetic[l]!.backward(this.layers[l]!);
    return loss;
  }

  /** product += (d2L/dphi2) direction, by the R-operator (Pearlmutter 1994). Adds dL/dphi to `gradient` too. */
  addHessianVector(): void {
    this.addGradient(1);
    const { layers, arithmetic } = this;
    layers[0]?.inputTangent.fill(0);
    for (let l = 0; l < layers.length; l++) arithmetic[l]!.forwardTangent(layers[l]!);
    this.loss.gradientTangent(
      this.outputs,
      this.outputTangent,
      this.batch.samples,
      this.outputGradientTangent,
    );
    for (let l = layers.length - 1; l >= 0; l--) arithmetic[l]!.backwardTangent(layers[l]!);
  }

  private forward(outputGradient: Float64Array | null): number {
    for (let l = 0; l < this.layers.length; l++) this.arithmetic[l]!.forward(this.layers[l]!);
    return this.loss.forward(this.outputs, this.batch.y, this.batch.samples, outputGradient);
  }
}
