/** What a chart shows, and nothing about how it is drawn: the screen, its table, and its files are made from it alike. */
export interface ChartData {
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** Stretches of x that are tinted behind the curves: phases, say. */
  readonly spans?: readonly ChartSpan[];
  /** Lines to read values against. */
  readonly marks?: readonly ChartMark[];
}

export interface ChartAxis {
  /** With its unit, where it has one. */
  readonly label: string;
  readonly log?: boolean;
  /** Values that are to lie on the axis whatever the data. */
  readonly include?: readonly number[];
  /** Only whole numbers are marked. */
  readonly whole?: boolean;
}

/** One curve; or, with `low` and `high` and no `y`, one envelope. */
export interface ChartSeries {
  /** Identifies it; `label` may come twice. */
  readonly id: string;
  readonly label: string;
  /** Any CSS colour, variables too. */
  readonly colour: string;
  /** Grows. */
  readonly x: ArrayLike<number>;
  /** Null interrupts the curve. */
  readonly y?: ArrayLike<number | null>;
  /** The ends of a band behind the curve, by point. */
  readonly low?: ArrayLike<number | null>;
  readonly high?: ArrayLike<number | null>;
  /** What the band is: `95 % interval of 5 seeds`. */
  readonly bandLabel?: string;
  readonly dash?: readonly number[];
  /** In pixels. Default 1.5. */
  readonly width?: number;
  /** `only` leaves the line away, `ring` too, for what is to be marked around points of others. Default: where the points are few. */
  readonly points?: 'only' | 'ring' | boolean;
}

export interface ChartSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly colour: string;
}

interface ChartMark {
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly label: string;
  readonly colour?: string;
}

/** The smallest and largest x that is shown; null for all. */
export type Range = readonly [from: number, to: number];
