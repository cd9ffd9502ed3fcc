import { divergenceBound } from '../engine';

/** The passes of a phase, bound to their arrays. What a step works out lies in arrays: a number that a call gives is put on the heap. */
export interface SettlingPasses {
  /** The data's gradient, anew. */
  dataGradient(): void;
  /** [1]: the sum of squares of the whole gradient, which `pull` and `pulledStep` leave. */
  readonly squares: Float64Array;
  /** Adds the penalty's pull to it, and leaves the sum of squares of the whole gradient. */
  pull(): void;
  /** The rule alone, with the scalars of step `taken`. */
  step(taken: number): void;
  /** Pull and rule in one pass; leaves the sum of squares of the gradient between the two. */
  pulledStep(taken: number): void;
  /** What a step that was taken does beside its rule. */
  stepTaken(): void;
}

export interface SettlingOptions {
  readonly steps: number;
  readonly tolerance: number;
  /** The residual, where the gradient is there already; null where it must be worked out. */
  readonly residual: number | null;
  /** The residual where the phase began; null where it begins here. */
  readonly firstResidual: number | null;
  /** Whether the residual behind the last step is worked out. */
  readonly residualAtEnd: boolean;
  /** Whether each residual is looked at before its step, which else is taken with it where every step is. */
  readonly careful: boolean;
}

export interface SettlingEnd {
  readonly residual: number;
  readonly steps: number;
  readonly converged: boolean;
  readonly diverged: boolean;
  readonly firstResidual: number;
}

/**
 * Lets phi settle. Where every step is taken anyway, pull, residual and rule are one pass, so that a phase that diverges has
 * taken the step after its last residual too.
 */
export function settle(
  passes: SettlingPasses,
  { steps, tolerance, residual: known, firstResidual: firstKnown, residualAtEnd, careful }: SettlingOptions,
): SettlingEnd {
  let isKnown = known !== null;
  // In an array: a number that may come as null, or from a call, is put on the heap at each step.
  const norms = Float64Array.of(Number(known ?? 0), Number(firstKnown ?? 0));
  for (let taken = 0; ; taken++) {
    const last = taken === steps;
    const fused = !isKnown && tolerance === 0 && !last && !careful;
    if (!isKnown) {
      passes.dataGradient();
      if (fused) passes.pulledStep(taken);
      else passes.pull();
      norms[0] = Math.sqrt(passes.squares[0]!);
    }
    const residual = norms[0]!;
    if (taken === 0 && firstKnown === null) norms[1] = residual;
    const diverged = !(residual <= divergenceBound(norms[1]!) && residual < Infinity);
    const converged = tolerance > 0 && residual <= tolerance;
    const over = diverged || converged || last;
    if (!over) {
      if (!fused) passes.step(taken);
      passes.stepTaken();
      isKnown = false;
    }
    if (over || (taken + 1 === steps && !residualAtEnd)) {
      const firstResidual = norms[1]!;
      return { residual, steps: over ? taken : steps, converged, diverged, firstResidual };
    }
  }
}
