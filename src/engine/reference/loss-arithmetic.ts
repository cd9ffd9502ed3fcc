import type { Loss } from '../../network/loss';

/** The arithmetic of one loss in float64. Arrays are [samples][outputs]; targets as the loss's description says. */
export interface LossArithmetic {
  readonly kind: Loss['kind'];
  /** The mean loss, and its gradient by the outputs where asked for. */
  forward(
    outputs: Float64Array,
    targets: Float64Array,
    samples: number,
    gradient: Float64Array | null,
  ): number;
  /** The directional derivative of that gradient, along `outputsTangent`. */
  gradientTangent(
    outputs: Float64Array,
    outputsTangent: Float64Array,
    targets: Float64Array,
    samples: number,
    gradientTangent: Float64Array,
  ): void;
}
