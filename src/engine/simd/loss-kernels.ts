import type { Loss } from '../../network/loss';
import type { Activations } from './layer-kernels';
import type { Kernels } from './machine/kernels';

interface LossSurroundings {
  readonly kernels: Kernels;
  readonly samples: number;
  readonly outputs: Activations;
  /** Targets as activations, or one class a sample; the pointer changes with the batch. */
  readonly targets: Activations;
  readonly outputsTangent: Activations;
  readonly gradient: Activations;
  readonly gradientTangent: Activations;
  /** Where the sum that the loss is a mean of is stored, in float64. */
  readonly sum: number;
}

export interface BoundLoss {
  /** What makes the loss, a mean, of its sum. */
  readonly mean: number;
  /** The sum; where asked for, the gradient of the loss by the outputs times `weight`. */
  forward(weight: number | null): void;
  /** The directional derivative of that gradient along `outputsTangent`, for a weight of 1. */
  tangent(): void;
}

/** How the simd engine works out one loss. */
export interface LossKernels {
  readonly kind: Loss['kind'];
  bind(surroundings: LossSurroundings): BoundLoss;
}
