import { divergenceNorm } from '../engine';

/** The passes of a phase, bound to their arrays. Each pass over the synapses gives a sum of squares. */
export interface SettlingPasses {
  /** The data's gradient, anew. */
  dataGradient(): void;
  /** Adds the penalty's pull to it; gives the sum of squares of the whole gradient. */
  pull(): number;
  /** The rule alone, with the scalars of step `taken`. */
  step(taken: number): void;
  /** Pull and rule in one pass; gives the sum of squares of the gradient between the two. */
  pulledStep(taken: number): number;
}

export interface SettlingOptions {
  readonly steps: number;
  readonly tolerance: number;
  /** The residual, where the gradient is there already; null where it must be worked out. */
  readonly residual: number | null;
}

export interface SettlingEnd {
  readonly residual: number;
  readonly steps: number;
  readonly converged: boolean;
  readonly diverged: boolean;
}

/**
 * Lets phi settle. Where every step is taken anyway, pull, residual and rule are one pass, so that a phase that diverges has
 * taken the step after its last residual too.
 */
export function settle(
  passes: SettlingPasses,
  { steps, tolerance, residual: known }: SettlingOptions,
): SettlingEnd {
  let isKnown = known !== null;
  let residual = known ?? 0; // never null: a number that may be null is put on the heap at each step
  for (let taken = 0; ; taken++) {
    const last = taken === steps;
    const fused = !isKnown && tolerance === 0 && !last;
    if (!isKnown) {
      passes.dataGradient();
      residual = Math.sqrt(fused ? passes.pulledStep(taken) : passes.pull());
    }
    const diverged = !(residual <= divergenceNorm);
    const converged = tolerance > 0 && residual <= tolerance;
    if (diverged || converged || last) return { residual, steps: taken, converged, diverged };
    if (!fused) passes.step(taken);
    isKnown = false;
  }
}
