/** By these a machine's owner chooses OpenBLAS's kernels. They are read when the library is loaded. */
const choices = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'];

/** Has OpenBLAS choose its kernels for this processor, in this process and in those that it starts: for both sides of a comparison, or for none. */
export function letOpenBlasChoose(): void {
  for (const name of choices) delete process.env[name];
}
