/**
 * How often a part is in a whole: both whole numbers, the quotient rounded down. Exact for all whole numbers that single precision holds, though
 * devices may round a division up to the next whole number.
 *
 * It closes over nothing: GPU.js compiles it from its text. Kernels call it by its name, which each of their files declares.
 */
function quotient(whole: number, part: number) {
  const rounded = Math.floor((whole + 0.5) / part);
  if (rounded * part > whole) return rounded - 1;
  if (whole - rounded * part >= part) return rounded + 1;
  return rounded;
}

/** To be compiled with a kernel that divides whole numbers; under its own name, since a bundler may have given it another one. */
export const quotientText = quotient.toString().replace(quotient.name, 'quotient');
