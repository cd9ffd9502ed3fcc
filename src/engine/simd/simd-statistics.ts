import type { Network } from '../../network/network';
import { initialRunningStatistics, runningLayout, runningMomentum } from '../../network/running-statistics';
import type { Kernels } from './machine/kernels';
import type { Allocation, Vector } from './machine/shared-memory';

/**
 * The running statistics of a session, and those that the last passes over training and replayed data have noted: they count once the step
 * is taken. Pointers are 0 where no layer has statistics.
 */
export class SimdStatistics {
  /** As `runningLayout` has them. */
  readonly values: Vector;
  /** Where the values lie. */
  readonly running: number;
  /** Where the passes leave those of their batch. */
  readonly noted: Readonly<Record<'train' | 'replay', number>>;
  private readonly size: number;

  constructor(network: Network, allocation: Allocation) {
    const layout = runningLayout(network);
    this.size = layout.size;
    this.values = allocation.vector(layout.size);
    this.values.values.set(initialRunningStatistics(layout));
    const place = (): number => (layout.size === 0 ? 0 : allocation.vector(layout.size).pointer);
    this.running = layout.size === 0 ? 0 : this.values.pointer;
    this.noted = { train: place(), replay: place() };
  }

  /** running <- .9 running + .1 noted: of the training data, then of the replayed ones. */
  runAlong(kernels: Kernels, nudged: boolean): void {
    const { running, noted, size } = this;
    kernels.runAlong(running, noted.train, size, runningMomentum);
    if (nudged) kernels.runAlong(running, noted.replay, size, runningMomentum);
  }
}
