import type { MetricPair, RunDifference } from './diff-runs';
import { ofMethods } from './metrics';
import { settingText } from './settings';
import { textTable } from './text-table';

/** What two runs differ in, for people. */
export function differenceText({ a, b, settings, same, metrics }: RunDifference): string {
  const lines = [`A: ${a}`, `B: ${b}`, ''];
  if (settings.length === 0) lines.push(`no setting differs; ${same} are the same`);
  else {
    const table = textTable([
      { head: ['setting'], align: 'left', cells: settings.map(({ path }) => path) },
      { head: ['A'], align: 'left', cells: settings.map(({ a: { value } }) => settingText(value)) },
      { head: ['B'], align: 'left', cells: settings.map(({ b: { value } }) => settingText(value)) },
    ]);
    lines.push(...table, `${same} others are the same`);
  }
  lines.push('');
  if (metrics.length === 0) lines.push('no metric to compare');
  else {
    const table = textTable([
      { head: ['metric'], align: 'left', cells: metrics.map(nameOf) },
      { head: ['A'], align: 'right', cells: metrics.map((pair) => sideText(pair, 'a')) },
      { head: ['B'], align: 'right', cells: metrics.map((pair) => sideText(pair, 'b')) },
      { head: ['B - A'], align: 'right', cells: metrics.map(changeText) },
    ]);
    lines.push(...table);
    if (metrics.some((pair) => isBetter(pair, 'a') || isBetter(pair, 'b'))) lines.push('* the better one');
  }
  return `${lines.join('\n')}\n`;
}

function nameOf({ metric, method }: MetricPair): string {
  return method !== null && metric.startsWith(ofMethods)
    ? `${method}: ${metric.slice(ofMethods.length)}`
    : metric;
}

function sideText(pair: MetricPair, side: 'a' | 'b'): string {
  const value = pair[side];
  return `${value === null ? '-' : digits(value)}${isBetter(pair, side) ? ' *' : '  '}`;
}

function isBetter({ a, b, better }: MetricPair, side: 'a' | 'b'): boolean {
  if (a === null || b === null || better === null || a === b) return false;
  return (better === 'lower') === a < b ? side === 'a' : side === 'b';
}

function changeText({ a, b }: MetricPair): string {
  if (a === null || b === null) return '-';
  return a === b ? 'same' : digits(b - a);
}

/** Two runs have no spread to round by. */
const digits = (value: number): string => String(Number(value.toPrecision(7)));
