/** 97.5 % quantiles of Student's t by degrees of freedom, 1 to 30 (to three decimals, as tables have them). */
const table = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

const z = 1.959964;

/** How many standard errors a 95 % interval of a mean goes to either side; beyond the table by the expansion of Cornish and Fisher. */
export function student95(freedom: number): number {
  const known = table[freedom - 1];
  if (known !== undefined) return known;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}
