import type { Loss } from '../../network/loss';
import type { Handle, KernelMaker } from './kernel-maker';

/** What a loss's kernels are compiled for. */
interface LossSurroundings {
  readonly samples: number;
  readonly outputs: number;
  readonly make: KernelMaker;
}

/** A loss's kernels, compiled. */
export interface PlannedLoss {
  /** weight dL/doutputs; targets are [samples][targets]. */
  gradient(outputs: Handle, targets: Handle, weight: Handle): Handle;
  /** The directional derivative of dL/doutputs along a change of the outputs. */
  gradientTangent(outputs: Handle, outputsTangent: Handle): Handle;
}

/** How the gpujs engine works out the derivatives of one loss. */
export interface LossKernels {
  readonly kind: Loss['kind'];
  plan(surroundings: LossSurroundings): PlannedLoss;
}
