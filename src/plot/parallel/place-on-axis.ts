import { equallySpaced, logTicks } from '../axes/log-ticks';
import type { ParallelAxis } from './parallel-figure';

/** Where a value lies, from 0 at the bottom to 1 at the top. */
export function placeOnAxis({ scale, domain: [low, high] }: ParallelAxis, value: number): number {
  if (low === high) return 0.5;
  const onto = scale === 'log' ? Math.log : (each: number) => each;
  return (onto(value) - onto(low)) / (onto(high) - onto(low));
}

/** Values with their labels; of many levels, some. */
export function ticksOf(axis: ParallelAxis): { readonly value: number; readonly label: string }[] {
  const { scale, domain, levels = [] } = axis;
  const [low, high] = domain;
  if (scale === 'levels') {
    const step = Math.ceil(levels.length / mostLabels);
    return levels.map((label, value) => ({ value, label })).filter(({ value }) => value % step === 0);
  }
  if (low === high) return [{ value: low, label: String(Number(low.toPrecision(4))) }];
  if (scale === 'log') return [...logTicks(low, high).labelled];
  return equallySpaced(low, high).map((value) => ({ value, label: value.toLocaleString('en-US') }));
}

const mostLabels = 12;
