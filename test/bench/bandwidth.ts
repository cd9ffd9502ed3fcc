import { openMachine } from '../../src/engine/simd/machine/machine';
import { fastest } from './trials';

/**
 * What one core copies in a working set of so many bytes, in 10^9 bytes a second: half of it to the other half by memory.copy,
 * each byte counted as read and as written. A set that fits a cache moves at that cache's speed.
 */
export function measureBandwidth(workingSet: number): number {
  const { memory, kernels } = openMachine();
  const count = Math.ceil(workingSet / 8);
  const [from, to] = [memory.allocate(count), memory.allocate(count)];
  const repeats = Math.ceil(2e6 / count);
  const milliseconds = fastest(() => {
    const begin = performance.now();
    for (let i = 0; i < repeats; i++) kernels.copyRows(from.pointer, 0, to.pointer, 0, 1, count);
    return (performance.now() - begin) / repeats;
  });
  memory.release(from);
  memory.release(to);
  return (8 * count) / milliseconds / 1e6;
}
