import type { DeviceThis, Handle, KernelMaker } from './kernel-maker';

/** Each thread sums the squares of one stretch of the gradient. */
function sumStretch(
  this: DeviceThis<{ readonly stretch: number; readonly size: number }>,
  gradient: number[],
) {
  const start = this.thread.x * this.constants.stretch;
  let sum = 0;
  for (let i = 0; i < this.constants.stretch; i++) {
    if (start + i < this.constants.size) sum += gradient[start + i]! * gradient[start + i]!;
  }
  return sum;
}

/** The newest sum goes in front; the others move back by one place. */
function remember(this: DeviceThis<{ readonly stretches: number }>, history: number[], sums: number[]) {
  let value = 0;
  if (this.thread.x === 0) {
    for (let i = 0; i < this.constants.stretches; i++) value += sums[i]!;
  } else {
    value = history[this.thread.x - 1]!;
  }
  return value;
}

/** Makes of a history of squared norms and a gradient the history with that gradient's in front. */
export function residualKernels(
  size: number,
  length: number,
  make: KernelMaker,
): (history: Handle, gradient: Handle) => Handle {
  const stretch = Math.ceil(Math.sqrt(size));
  const stretches = Math.ceil(size / stretch);
  const sums = make(sumStretch, [stretches], { stretch, size });
  const newest = make(remember, [length], { stretches });
  return (history, gradient) => newest(history, sums(gradient));
}
