const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);
number[0] = 1;
/** Where the half with sign and exponent lies: the machine's order of bytes says. */
const upper = halves[1] === 0 ? 0 : 1;

/** The upper 32 bits of a float64, with its sign. */
export function upperWord(value: number): number {
  number[0] = value;
  return halves[upper]! | 0;
}

/** The lower 32 bits. */
export function lowerWord(value: number): number {
  number[0] = value;
  return halves[1 - upper]! | 0;
}

/** The number with other upper bits. */
export function withUpperWord(value: number, word: number): number {
  number[0] = value;
  halves[upper] = word;
  return number[0];
}
