import type { Shape } from '../../core/shape';
import type { Layer } from '../../network/layer';

/** Statistics of a layer that normalises, [features] each. */
export interface FeatureStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** The arrays of one layer in one pass over a batch. Activations are [samples][size], row-major. */
export interface LayerPass<L extends Layer = Layer> {
  readonly layer: L;
  readonly samples: number;
  /** Shape of one sample's input and output. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** The layer's parameters, in the order of its description. */
  readonly parameters: readonly Float64Array[];
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** What `forward` is to normalise by instead of the batch's own statistics, where the evaluation asks for it; else null. */
  readonly running?: FeatureStatistics | null;
  /** dL/doutput, read by backward. */
  readonly outputGradient: Float64Array;
  /** dL/dinput, written by backward; null where nothing below needs it. */
  readonly inputGradient: Float64Array | null;
  /** dL/dparameter, added to by backward; null for a parameter whose gradient is not asked for. */
  readonly parameterGradients: readonly (Float64Array | null)[];
}

/** The same arrays, and their directional derivatives along a change of the parameters (R-operator). */
export interface TangentPass<L extends Layer = Layer> extends LayerPass<L> {
  /** The direction in which each parameter moves. */
  readonly parameterTangents: readonly Float64Array[];
  readonly inputTangent: Float64Array;
  readonly outputTangent: Float64Array;
  readonly outputGradientTangent: Float64Array;
  readonly inputGradientTangent: Float64Array | null;
  /** Added to by backwardTangent; null where it is not asked for. */
  readonly parameterGradientTangents: readonly (Float64Array | null)[];
}

/**
 * The arithmetic of one kind of layer in float64. Every method writes its results over what the arrays held,
 * except for parameter gradients, which add up.
 */
export interface LayerArithmetic<L extends Layer = Layer> {
  readonly kind: L['kind'];
  /** output from input. */
  forward(pass: LayerPass<L>): void;
  /** inputGradient and parameterGradients from outputGradient, after `forward`. */
  backward(pass: LayerPass<L>): void;
  /** outputTangent from inputTangent and parameterTangents, after `forward`. */
  forwardTangent(pass: TangentPass<L>): void;
  /** The tangents of what `backward` writes, after `backward` and `forwardTangent`. */
  backwardTangent(pass: TangentPass<L>): void;
}
