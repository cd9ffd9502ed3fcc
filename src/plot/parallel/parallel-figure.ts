/** Axes side by side, and a line through all of them for each of many things: what settings what came of. */
export interface ParallelFigure {
  readonly title: string;
  readonly caption: string;
  /** What makes it again. */
  readonly command: string;
  /** The last one is what the colours stand for. */
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
}

export interface ParallelAxis {
  readonly label: string;
  readonly scale: 'linear' | 'log' | 'levels';
  /** From the bottom to the top; of levels, how many there are, from 0 on. */
  readonly domain: readonly [number, number];
  /** Of levels, their names. */
  readonly levels?: readonly string[];
}

export interface ParallelLine {
  /** On each axis; null where it has none: there the line ends. */
  readonly values: readonly (number | null)[];
  /** Thin and light: what did not come to its end. */
  readonly pale: boolean;
  /** Drawn over all others, and labelled at its end. */
  readonly label?: string;
}
