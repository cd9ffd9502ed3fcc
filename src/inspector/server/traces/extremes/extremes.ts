/** The fewest rows of a block. */
export const fewestRows = 64;

/** Bytes of a column in a block: the least and the largest value, and whether all are finite. */
const bytesOfColumn = 17;

/**
 * The least and the largest finite value of each column in each block of rows, and whether the block holds others. Rows are added as they come; where
 * there are too many blocks, two become one.
 */
export class Extremes {
  private block = fewestRows;
  private blocks = 0;
  private low: Float64Array;
  private high: Float64Array;
  private odd: Uint8Array;
  /** Of the block that is not whole yet. */
  private readonly openLow: Float64Array;
  private readonly openHigh: Float64Array;
  private readonly openOdd: Uint8Array;
  private inOpen = 0;

  /**
   * @param width Columns.
   * @param mostBytes That it may take; two blocks at the least.
   */
  constructor(
    readonly width: number,
    private readonly mostBytes: number,
  ) {
    const first = Math.min(16, this.mostBlocks);
    this.low = new Float64Array(first * width);
    this.high = new Float64Array(first * width);
    this.odd = new Uint8Array(first * width);
    this.openLow = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    this.openHigh = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
    this.openOdd = new Uint8Array(width);
  }

  /** Rows of a block. */
  get blockRows(): number {
    return this.block;
  }

  /** Blocks that are whole. */
  get wholeBlocks(): number {
    return this.blocks;
  }

  /** Rows that were added. */
  get rows(): number {
    return this.blocks * this.block + this.inOpen;
  }

  get bytes(): number {
    return bytesOfColumn * (this.odd.length + this.width);
  }

  /**
   * Adds rows.
   * @param values [rows][stride]
   * @param offset Where in a row its first column stands.
   */
  add(values: Float64Array, rows: number, stride: number, offset: number): void {
    const { width, openLow, openHigh, openOdd } = this;
    for (let row = 0; row < rows; row++) {
      const start = row * stride + offset;
      for (let column = 0; column < width; column++) {
        const value = values[start + column]!;
        if (value < openLow[column]!) {
          if (value === Number.NEGATIVE_INFINITY) openOdd[column] = 1;
          else openLow[column] = value;
        }
        if (value > openHigh[column]!) {
          if (value === Number.POSITIVE_INFINITY) openOdd[column] = 1;
          else openHigh[column] = value;
        } else if (Number.isNaN(value)) openOdd[column] = 1;
      }
      if (++this.inOpen === this.block) this.close();
    }
  }

  lowOf(block: number, column: number): number {
    return this.low[block * this.width + column]!;
  }

  highOf(block: number, column: number): number {
    return this.high[block * this.width + column]!;
  }

  isOdd(block: number, column: number): boolean {
    return this.odd[block * this.width + column] === 1;
  }

  private get mostBlocks(): number {
    return Math.max(2, Math.floor(this.mostBytes / (bytesOfColumn * this.width)));
  }

  private close(): void {
    const { width, openLow, openHigh, openOdd } = this;
    if ((this.blocks + 1) * width > this.odd.length) this.enlarge();
    const start = this.blocks * width;
    this.low.set(openLow, start);
    this.high.set(openHigh, start);
    this.odd.set(openOdd, start);
    openLow.fill(Number.POSITIVE_INFINITY);
    openHigh.fill(Number.NEGATIVE_INFINITY);
    openOdd.fill(0);
    this.inOpen = 0;
    this.blocks++;
    if (this.blocks >= this.mostBlocks && this.blocks % 2 === 0) this.halve();
  }

  private enlarge(): void {
    const length = Math.min(2 * this.odd.length, (this.mostBlocks + 1) * this.width);
    const [low, high, odd] = [new Float64Array(length), new Float64Array(length), new Uint8Array(length)];
    low.set(this.low);
    high.set(this.high);
    odd.set(this.odd);
    [this.low, this.high, this.odd] = [low, high, odd];
  }

  /** Makes one of every two blocks. */
  private halve(): void {
    const { width, low, high, odd } = this;
    for (let block = 0; block < this.blocks; block += 2) {
      for (let column = 0; column < width; column++) {
        const [a, b, to] = [
          block * width + column,
          (block + 1) * width + column,
          (block / 2) * width + column,
        ];
        low[to] = Math.min(low[a]!, low[b]!);
        high[to] = Math.max(high[a]!, high[b]!);
        odd[to] = odd[a]! | odd[b]!;
      }
    }
    this.blocks /= 2;
    this.block *= 2;
  }
}
