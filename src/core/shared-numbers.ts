/** Zeros in memory that threads share; in this thread's own where there are no others, as in a page that is not isolated from all others. */
export function sharedNumbers(count: number): Float64Array {
  const bytes = Float64Array.BYTES_PER_ELEMENT * count;
  return new Float64Array(
    typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes),
  );
}
