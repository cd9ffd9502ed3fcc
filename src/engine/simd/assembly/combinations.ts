// Arrays put together number by number. Counts are multiples of 4.

/** to = a + b. */
export function addArrays(a: usize, b: usize, to: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(to + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  }
}

/** to = factor (a - b); b = 0 is none. */
export function scaledDifference(a: usize, b: usize, to: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(to + i, f32x4.mul(by, b === 0 ? x : f32x4.sub(x, v128.load(b + i))));
  }
}

/** to = 0, whatever stood there. */
export function clear(to: usize, count: i32): void {
  memory.fill(to, 0, (<usize>count) << 2);
}
