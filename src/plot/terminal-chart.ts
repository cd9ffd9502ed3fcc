import { plot } from 'asciichart';

export interface TerminalChartOptions {
  readonly title: string;
  /** What the horizontal axis counts. */
  readonly across: string;
  /** Rows of text. Default 6. */
  readonly height?: number;
  /** Columns of text for the curve. Default 50. */
  readonly width?: number;
}

/** A small chart of one course of values, for a terminal or a report file: plain text, no colours. */
export function terminalChart(values: ArrayLike<number>, options: TerminalChartOptions): string {
  const { title, across, height = 6, width = 50 } = options;
  const courses = resampled(values, width);
  const last = values.length - 1;
  const chart = plot(courses, { height: height - 1, format: (value) => value.toPrecision(3).padStart(10) });
  const axis = `${' '.repeat(11)}0${across.padStart(Math.floor(courses.length / 2))}`;
  return `${title}\n${chart}\n${axis.padEnd(11 + courses.length - 1)}${last}`;
}

/** Short courses are stretched, long ones thinned, so that the chart has the width asked for. */
function resampled(values: ArrayLike<number>, width: number): number[] {
  const last = values.length - 1;
  return Array.from({ length: width }, (_, column) => {
    const position = width === 1 ? 0 : (column * last) / (width - 1);
    const before = Math.floor(position);
    const after = Math.min(before + 1, last);
    return values[before]! + (position - before) * (values[after]! - values[before]!);
  });
}
