/** Parts of a pixel of the larger image that fall into one of the smaller. */
interface Share {
  readonly from: number;
  /** In whole parts of a pixel, so that sums are exact. */
  readonly parts: readonly number[];
}

/**
 * Makes a square image of whole numbers smaller: each pixel is the sum over the area that it covers, in equal parts, so that the mean is that sum
 * divided by `full`. Exact: for 105 x 105 to 28 x 28 a pixel covers 3.75 x 3.75, which are 15 x 15 quarters squared, and `full` is 225.
 * @returns what maps an image of `side` x `side` numbers, row by row, to one of `smaller` x `smaller`.
 */
export function areaMean(
  side: number,
  smaller: number,
): { full: number; shrink: (image: ArrayLike<number>) => Uint16Array } {
  const shares = sharesOf(side, smaller);
  const covered = side / greatestCommonDivisor(side, smaller);
  const shrink = (image: ArrayLike<number>): Uint16Array => {
    const result = new Uint16Array(smaller * smaller);
    for (let row = 0; row < smaller; row++)
      for (let column = 0; column < smaller; column++)
        result[row * smaller + column] = sumOver(image, side, shares[row]!, shares[column]!);
    return result;
  };
  return { full: covered ** 2, shrink };
}

function sumOver(image: ArrayLike<number>, side: number, rows: Share, columns: Share): number {
  let sum = 0;
  for (let i = 0; i < rows.parts.length; i++)
    for (let j = 0; j < columns.parts.length; j++)
      sum += rows.parts[i]! * columns.parts[j]! * image[(rows.from + i) * side + columns.from + j]!;
  return sum;
}

/** Along one axis, both sides measured in parts of which each larger pixel has as many as all smaller ones have in common with it. */
function sharesOf(side: number, smaller: number): Share[] {
  const common = greatestCommonDivisor(side, smaller);
  const [perPixel, perResult] = [smaller / common, side / common];
  return Array.from({ length: smaller }, (_, i) => {
    const [begin, end] = [i * perResult, (i + 1) * perResult];
    const from = Math.floor(begin / perPixel);
    const to = Math.ceil(end / perPixel);
    const parts = Array.from({ length: to - from }, (_part, j) => {
      const pixel = (from + j) * perPixel;
      return Math.min(end, pixel + perPixel) - Math.max(begin, pixel);
    });
    return { from, parts };
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
