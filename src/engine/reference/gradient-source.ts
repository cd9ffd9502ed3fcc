import type { Batch } from '../../data/batch';
import type { ParameterRole } from '../../network/layer';
import type { Network } from '../../network/network';
import type { RunningLayout } from '../../network/running-statistics';
import type { Quantities } from '../../synapse/rule-executor';
import type { CreditBuffers } from './credit-buffers';
import type { RunningAverages } from './running-averages';

/** The flat vectors of one role that passes read and add to in place; they are the session's. */
export interface RoleVectors {
  readonly values: Float64Array;
  /** dL/dvalues: `addGradient` adds to it. */
  readonly gradient: Float64Array;
  /** The direction of `addHessianVector`; of meta-parameters it is 0. */
  readonly direction: Float64Array;
  /** The Hessian times that direction: `addHessianVector` adds to it. */
  readonly product: Float64Array;
}

/** What the gradient of the data comes from, for batches of one number of samples: a backward pass, or neurons and synapses that see no more than their own. */
export interface GradientSource {
  /** Takes another batch of the same number of samples. */
  use(batch: Batch): this;
  /** L of the batch, and the predictions. @param running The running statistics that batch norm is to take instead of the batch's */
  evaluate(running?: Pick<RunningAverages, 'layout' | 'values'> | null): {
    loss: number;
    outputs: Float64Array;
  };
  /** gradient += weight dL/dparameters of one role. */
  addGradient(weight: number, role?: ParameterRole): void;
  /** product += (d2L/dparameters dphi) direction for the parameters of one role and a direction of the fast ones. */
  addHessianVector(role?: ParameterRole): void;
  /** The statistics of the batch that went forward last, laid out as `runningStatistics`. */
  batchStatistics(layout: RunningLayout, into: Float64Array): void;
}

/** Where a source works: in arrays of the session. */
export interface SourceSurroundings {
  readonly network: Network;
  readonly samples: number;
  readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  /** What rules read and write of each synapse, by name. */
  readonly quantities: Quantities;
  /** What the rule of the network's credit keeps; these are among the quantities. */
  readonly buffers: CreditBuffers;
}

/** Makes the source of a session's gradients. */
export type OpenSource<Source extends GradientSource = GradientSource> = (
  surroundings: SourceSurroundings,
) => Source;
