import type { Loss } from '../../network/loss';
import type { Handle, KernelMaker } from './kernel-maker';

/** What a loss's kernels are compiled for. */
interface LossSurroundings {
  readonly samples: number;
  readonly outputs: number;
  readonly make: KernelMaker;
}

/** How the gpujs engine works out the gradient of one loss. */
export interface LossKernels {
  readonly kind: Loss['kind'];
  /** Makes of outputs, targets [samples][targets] and a weight the handle of weight dL/doutputs. */
  plan(surroundings: LossSurroundings): (outputs: Handle, targets: Handle, weight: Handle) => Handle;
}
