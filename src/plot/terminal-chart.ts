import { plot } from 'asciichart';
import { z } from 'zod';
import { numbers } from '../core/checks';
import { validate } from '../core/validate';

/** How a chart of characters is drawn. */
export interface TerminalChartOptions {
  readonly title: string;
  /** What the horizontal axis counts. */
  readonly across: string;
  /** What its right end counts to. Default: the index of the last value. */
  readonly last?: number;
  /** Rows of text. Default 6. */
  readonly height?: number;
  /** Columns of text for the curve. Default 50. */
  readonly width?: number;
}

const chartOptions = z.strictObject({
  title: z.string(),
  across: z.string(),
  last: z.number().optional(),
  height: z.int().min(2).max(1000).default(6),
  width: z.int().min(1).max(10_000).default(50),
});

const labelWidth = 10;

/**
 * A small chart of one course of values, for a terminal or a report file: plain text, no colours. A course without
 * values, or with one that is not finite, is not drawn, and the text says so.
 * @throws InputError where the values are no numbers, or an option is out of range.
 */
export function terminalChart(values: ArrayLike<number>, options: TerminalChartOptions): string {
  numbers('The values of a chart', values);
  const given = validate(chartOptions, options, 'the options of terminalChart');
  const { title, across, last = values.length - 1, height, width } = given;
  const broken = Array.from(values).filter((value) => !Number.isFinite(value)).length;
  if (values.length === 0) return `${title}\n  (not drawn: there is no value)`;
  if (broken > 0) return `${title}\n  (not drawn: ${broken} of ${values.length} values are not finite)`;
  const courses = resampled(values, width);
  const digits = digitsToTellApart(courses);
  const isConstant = courses.every((value) => value === courses[0]);
  // asciichart labels a constant course by its nearest whole number.
  const format = (value: number) =>
    (isConstant ? courses[0]! : value).toPrecision(digits).padStart(labelWidth);
  const rows = plot(courses, { height: height - 1, format }).split('\n');
  const axis = `${' '.repeat(labelWidth + 1)}${axisLabels(across, last, width)}`;
  return [title, ...rows, axis].map((line) => line.trimEnd()).join('\n');
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

/** Significant digits of the labels: three, or more where the course hardly changes. */
function digitsToTellApart(values: readonly number[]): number {
  const largest = Math.max(...values.map(Math.abs));
  const range = Math.max(...values) - Math.min(...values);
  if (range === 0) return 3;
  return Math.min(8, Math.max(3, 2 + Math.ceil(Math.log10(largest / range))));
}

/** 0, what is counted, and what it counts to, under the curve's ends. */
function axisLabels(across: string, last: number, width: number): string {
  const between = Math.max(width - 1 - String(last).length, across.length + 2);
  const left = Math.floor((between - across.length) / 2);
  const middle = `${' '.repeat(left)}${across}`.padEnd(between);
  return last === 0 ? `0${middle}` : `0${middle}${last}`;
}
