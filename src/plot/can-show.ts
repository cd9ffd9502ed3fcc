import type { Axis } from './figure';

/** Whether an axis has a place for a value: a finite one, on a log axis above 0, or from 0 on where it has a 0. */
export function canShow({ scale, withZero = false }: Axis, value: number): boolean {
  return Number.isFinite(value) && (scale === 'linear' || value > 0 || (withZero && value === 0));
}
