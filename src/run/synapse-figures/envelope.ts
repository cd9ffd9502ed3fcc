import type { Point } from '../../plot/figure';

/** The smallest and the largest value in a column of a picture. */
interface Extremes {
  lowest: Point;
  highest: Point;
}

/**
 * A course of values, thinned to what can be seen of it: of each of so many columns along x, the smallest and the largest
 * value, in their order. Peaks stay, however many rows there are. A course of few rows is kept as it is.
 */
export class Envelope {
  /** Columns of a picture: more than a panel has pixels in an SVG. */
  static readonly columns = 600;
  /** Of values that are no finite numbers and were left out. */
  notFinite = 0;
  private readonly all: Point[] | null;
  private readonly extremes: (Extremes | undefined)[] = [];

  /** @param rows How many will be added, at most. */
  constructor(
    private readonly from: number,
    private readonly to: number,
    rows: number,
  ) {
    this.all = Envelope.thins(rows) ? null : [];
  }

  /** Whether a course of so many rows is thinned. */
  static thins(rows: number): boolean {
    return rows > 4 * Envelope.columns;
  }

  /** x must not fall from one call to the next. */
  add(x: number, y: number): void {
    if (this.all !== null) {
      this.all.push({ x, y });
      return;
    }
    if (!Number.isFinite(y)) {
      this.notFinite++;
      return;
    }
    const place = Math.floor((Envelope.columns * (x - this.from)) / (this.to - this.from));
    const column = Math.min(place, Envelope.columns - 1);
    const known = this.extremes[column];
    if (known === undefined) {
      const point = { x, y };
      this.extremes[column] = { lowest: point, highest: point };
    } else if (y < known.lowest.y) known.lowest = { x, y };
    else if (y > known.highest.y) known.highest = { x, y };
  }

  get points(): readonly Point[] {
    if (this.all !== null) return this.all;
    return this.extremes.flatMap((column): Point[] => {
      if (column === undefined) return [];
      const { lowest, highest } = column;
      if (lowest === highest) return [lowest];
      return lowest.x <= highest.x ? [lowest, highest] : [highest, lowest];
    });
  }
}
