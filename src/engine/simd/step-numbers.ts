import { sharedNumbers } from '../../core/shared-numbers';
import type { Scalars } from '../../synapse/rule-executor';
import type { InnerStep } from '../engine';
import type { BoundPass } from './rule-binder';

/** What the steps of one chunk read, [steps][numbers], in an array that later chunks use again; one row where all read the same. */
export class StepNumbers {
  private array: Float64Array = new Float64Array(0);

  /** @param first the chunk's first step, as the optimiser counts them */
  of(inner: InnerStep, { numbers, numbersOf }: BoundPass, first: number, steps: number): Float64Array {
    const count = numbers.length;
    const rows = steps === 0 || isConstant(inner, first, steps) ? 1 : steps;
    if (this.array.length < rows * count) {
      this.array = sharedNumbers(rows * count); // which no message copies
    }
    let scalars: Scalars | undefined;
    for (let row = 0; row < rows; row++) {
      scalars = inner.scalarsAt(first + row, scalars);
      numbersOf(scalars, this.array, row * count);
    }
    return this.array.subarray(0, rows * count);
  }
}

/** Whether an optimiser gives one and the same object at all steps, which nobody can change. */
function isConstant(inner: InnerStep, first: number, steps: number): boolean {
  const scalars = inner.scalarsAt(first);
  if (!Object.isFrozen(scalars)) return false;
  for (let step = 1; step < steps; step++) if (inner.scalarsAt(first + step) !== scalars) return false;
  return true;
}
