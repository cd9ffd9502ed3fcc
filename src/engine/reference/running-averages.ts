import type { Network } from '../../network/network';
import {
  initialRunningStatistics,
  type RunningLayout,
  runningLayout,
  runningMomentum,
} from '../../network/running-statistics';

/** What has gone over a batch, and can say its statistics. */
interface Measured {
  batchStatistics(layout: RunningLayout, into: Float64Array): void;
}

/**
 * The running statistics of a session: running <- .9 running + .1 those of a batch, its mean and its unbiased variance, once for each batch
 * that a step has learned from. A forward pass is noted when it is made and counts when the step is taken, so that a phase in chunks has
 * the same as in one piece. Where a feature is one number only, it has no unbiased variance, and the running one stays.
 */
export class RunningAverages {
  readonly layout: RunningLayout;
  readonly values: Float64Array;
  /** What was noted since the last step, in the first so many of these. */
  private readonly noted: Float64Array[] = [];
  private count = 0;

  constructor(network: Network) {
    this.layout = runningLayout(network);
    this.values = initialRunningStatistics(this.layout);
  }

  /** Forgets what was noted: the gradient is made anew. */
  clear(): void {
    this.count = 0;
  }

  /** Notes the statistics of the batch that a pass went over last. */
  note(pass: Measured): void {
    if (this.layout.size === 0) return;
    this.noted[this.count] ??= new Float64Array(this.layout.size);
    pass.batchStatistics(this.layout, this.noted[this.count]!);
    this.count++;
  }

  /** A step is taken by what was noted. */
  step(): void {
    const { values } = this;
    for (let n = 0; n < this.count; n++) {
      const noted = this.noted[n]!;
      for (let i = 0; i < values.length; i++) {
        if (!Number.isNaN(noted[i]!))
          values[i] = (1 - runningMomentum) * values[i]! + runningMomentum * noted[i]!;
      }
    }
    this.count = 0;
  }
}
