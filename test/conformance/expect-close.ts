/** Expects that no entry is further off than `tolerance` of the largest entry, or of `least` where all are smaller. */
export function expectClose(
  got: ArrayLike<number>,
  truth: ArrayLike<number>,
  tolerance: number,
  least = 0,
): void {
  expect(got.length).toBe(truth.length);
  const scale = Math.max(least, ...Array.from(truth, Math.abs));
  const difference = Math.max(0, ...Array.from(truth, (value, i) => Math.abs(got[i]! - value)));
  expect(difference).toBeLessThanOrEqual(tolerance * scale);
}
