import type { Axis } from '../figure';

/**
 * From where to where an axis goes: as it says itself, else over the values and a little further, so that no line lies on
 * the frame. Values that it cannot show are to be left out before.
 */
export function axisDomain(
  { scale, withZero = false, domain }: Axis,
  values: readonly number[],
): readonly [number, number] {
  if (domain !== undefined) return domain;
  const unit = withZero ? 1 : 0; // 0 lies where the logarithm of 1 does, and all else one further on
  if (values.length === 0) return scale === 'log' ? [1, 10] : [0, 1];
  const isLog = scale === 'log';
  const onto = (value: number) => (isLog ? Math.log10(value + unit) : value);
  const back = (place: number) => (isLog ? 10 ** place - unit : place);
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const [first, last] = [onto(low), onto(high)];
  const room = last > first ? margin * (last - first) : aloneRoom(scale, first);
  return [back(first - room), back(last + room)];
}

const margin = 0.04;

/** Around a value that is alone: half a decade, or half of itself. */
function aloneRoom(scale: Axis['scale'], value: number): number {
  return scale === 'log' || value === 0 ? 0.5 : Math.abs(value) / 2;
}
