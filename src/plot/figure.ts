/** A figure as data: what is shown, and nothing about how it is drawn. JSON values only, so that it can be kept. */
export interface Figure {
  /** Kebab-case; the stem of its files. */
  readonly name: string;
  /** What the figure shows, as a short sentence. */
  readonly title: string;
  /** What to see in it, and in which regime: one or two sentences. The command that made it is added by the writer. */
  readonly caption: string;
  /** Drawn side by side, each with its own axes. */
  readonly panels: readonly Panel[];
  /** Panels in a row. Default: all of up to three; four stand in two rows, more in rows of three. */
  readonly columns?: number;
  /** Height of each panel's axes, in pixels. Default 320 for panels below each other, 250 for panels side by side. */
  readonly panelHeight?: number;
  /** Axes that go from and to the same in every panel, so that panels can be compared. */
  readonly sharedAxes?: readonly ('x' | 'y')[];
}

/** One pair of axes with curves on it. */
export interface Panel {
  /** Told above the panel, where a figure has several. */
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Lines to read values against: an optimum, a bound, a limit. */
  readonly marks?: readonly ReferenceLine[];
  /** Stretches of x that are shaded, with their labels above: the phases of learning, say. */
  readonly spans?: readonly Span[];
  /** A map of values, drawn as coloured cells that fill the axes; x counts its columns, y its rows from the top. */
  readonly cells?: Cells;
}

/** Values on a grid, each shown by its colour. */
export interface Cells {
  /** What the values are, with the unit. */
  readonly label: string;
  readonly columns: number;
  /** [rows][columns], the top row first; one that is not finite stays white. */
  readonly values: readonly number[];
  /** What the darkest and the brightest colour stand for. Default: the least and the largest value. */
  readonly domain?: readonly [number, number];
}

/** An axis: its label with the unit, and its scale. */
export interface Axis {
  /** With its unit, where it has one: "time a step (µs)". */
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** On a log axis: whether it has a 0 too, as counts need; it is linear near there. */
  readonly withZero?: boolean;
  /** From and to, where the data's own range is not wanted. */
  readonly domain?: readonly [number, number];
}

/** Values that belong together: one colour, one direct label. */
export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  /** `line` unless told; `band` fills between `low` and `high`. */
  readonly kind?: 'line' | 'dots' | 'line-and-dots' | 'band';
  /** Dashed: a bound, a theory, a thing not measured. */
  readonly dashed?: boolean;
  /** Series of one group have one colour, in every panel. Default: its label is a group of its own. */
  readonly group?: string;
  /** Thin, grey, behind the others and without a label: only there to compare with. */
  readonly muted?: boolean;
  /** Whether its label stands beside its end. Default true. */
  readonly labelled?: boolean;
}

/** A point of a series, with an interval where it has one. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** An interval around y, where there is one. */
  readonly low?: number;
  readonly high?: number;
}

/** A dashed line at a value to compare with. */
export interface ReferenceLine {
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly label: string;
}

/** A stretch of the x axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Stands above the panel, where it fits. */
  readonly label: string;
  /** Stands there where the label does not fit, and this does. */
  readonly brief?: string;
  /** Its colour; of `pale` there is hardly any. */
  readonly shade: 'pale' | 'warm' | 'cool';
}
