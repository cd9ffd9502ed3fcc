import { UnstableNeuronsError } from '../../../core/errors';
import type { Batch } from '../../../data/batch';
import type { Loss } from '../../../network/loss';
import { costCurvature } from '../../cost-curvature';
import { lossArithmetic } from '../loss-table';

/** Fixed-point iterations at the most: each gains two digits or more, while the nudge is below 1. */
const mostIterations = 500;

/** C of each sample, the network's loss, as its output neurons feel it. */
export class OutputCost {
  private readonly gradient: Float64Array;

  constructor(
    private readonly loss: Loss,
    private readonly samples: number,
    private readonly outputs: number,
  ) {
    this.gradient = new Float64Array(samples * outputs);
  }

  /** dC/ds of each sample at these outputs, in an array that the next call writes anew. */
  slopes(outputs: Float64Array, { y }: Batch): Float64Array {
    const { gradient, samples } = this;
    lossArithmetic(this.loss).forward(outputs, y, samples, gradient);
    // The loss is a mean over samples, each of which has its own neurons.
    for (let i = 0; i < gradient.length; i++) gradient[i]! *= samples;
    return gradient;
  }

  /** into = C of each sample at these outputs. */
  ofSamples(outputs: Float64Array, { y, targets }: Batch, into: Float64Array): void {
    const { forward } = lossArithmetic(this.loss);
    for (let n = 0; n < into.length; n++) {
      const own = outputs.subarray(n * this.outputs, (n + 1) * this.outputs);
      into[n] = forward(own, y.subarray(n * targets, (n + 1) * targets), 1, null);
    }
  }

  /** What the cost's curvature is at most, where that is known; else 2. */
  get curvature(): number {
    return costCurvature(this.loss, this.outputs);
  }

  /**
   * into = argmin 1/2 |s - drive|^2 + strength C(s), of each sample; for squared error (drive + k t) / (1 + k) with k = 2 strength / outputs.
   * @throws UnstableNeuronsError where there is no such state, or it is not found.
   */
  nudged(drive: Float64Array, batch: Batch, strength: number, into: Float64Array): void {
    if (this.loss.kind === 'mse') this.nudgedBySquares(drive, batch, strength, into);
    else this.nudgedByIteration(drive, batch, strength, into);
  }

  private nudgedByIteration(drive: Float64Array, batch: Batch, strength: number, into: Float64Array): void {
    into.set(drive);
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      const slopes = this.slopes(into, batch);
      let moved = 0;
      for (let i = 0; i < into.length; i++) {
        const next = drive[i]! - strength * slopes[i]!;
        moved = Math.max(moved, Math.abs(next - into[i]!) / (1 + Math.abs(next)));
        into[i] = next;
      }
      if (moved < 1e-15) return;
    }
    throw tooStrong(strength);
  }

  private nudgedBySquares(drive: Float64Array, { y }: Batch, strength: number, into: Float64Array): void {
    const pull = (2 * strength) / this.outputs;
    if (pull <= -1) throw tooStrong(strength);
    for (let i = 0; i < into.length; i++) into[i] = (drive[i]! + pull * y[i]!) / (1 + pull);
  }
}

function tooStrong(strength: number): UnstableNeuronsError {
  return new UnstableNeuronsError({
    what: 'The outputs have no state under this nudge',
    got: `${strength} C`,
    advice: 'Lower the nudge of the credit',
  });
}
