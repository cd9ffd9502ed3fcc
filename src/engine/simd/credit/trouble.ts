import { UnstableNeuronsError } from '../../../core/errors';
import type { Credit } from '../../../network/credit/credit';
import type { DualCredit } from '../../../network/credit/dual';
import type { EquilibriumCredit } from '../../../network/credit/equilibrium';
import { type Allocation, inFloat64, type Vector } from '../machine/shared-memory';

/** Where kernels leave why neurons do not settle; their gradient then is no number. */
export class Trouble {
  private readonly place: Vector;

  constructor(allocation: Allocation) {
    this.place = allocation.vector(4);
  }

  /** ||W||^2 of weights by which dt is too long, in float64; 0 for none. */
  get tooSteep(): number {
    return this.place.pointer;
  }

  /** 1 where outputs have no state, in float32. */
  get noState(): number {
    return this.place.pointer + 8;
  }

  /** What neurons have left, as an error, once; null for none. */
  taken(credit: Credit): UnstableNeuronsError | null {
    const { values } = this.place;
    const square = inFloat64(this.place)[0]!;
    const noState = values[2] !== 0;
    values.fill(0);
    if (noState) return tooStrong((credit as DualCredit).nudge);
    return square === 0 ? null : tooLong(credit as EquilibriumCredit, square);
  }
}

export function tooStrong(nudge: number): UnstableNeuronsError {
  return new UnstableNeuronsError({
    what: 'The outputs have no state under this nudge',
    got: `${nudge}`,
    advice: 'Lower the nudge of the credit',
  });
}

/** @param square the largest of ||W||^2, or of b C'' */
export function tooLong({ dt }: Pick<EquilibriumCredit, 'dt'>, square: number): UnstableNeuronsError {
  const steepest = 1 + square;
  return new UnstableNeuronsError({
    what: `Neurons with weights this large do not settle: dt (1 + ||W||^2) is ${short(dt! * steepest)}`,
    got: `dt ${dt}, ||W||^2 ${short(square)}`,
    legal: `dt (1 + ||W||^2) below 2: dt below ${short(2 / steepest)} for these weights, and less as they grow`,
    advice: 'Lower dt of the credit, or set it to null: then each layer of neurons has its own',
  });
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
