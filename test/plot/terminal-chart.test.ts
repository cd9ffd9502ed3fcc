import { terminalChart } from '../../src/plot/terminal-chart';

const options = { title: 'Held-out mse', across: 'meta-step' };
const lines = (values: number[], more: object = {}) =>
  terminalChart(values, { ...options, ...more }).split('\n');

describe('a chart in text', () => {
  test('looks like this', () => {
    expect(`\n${terminalChart([4, 2, 1], { ...options, height: 4, width: 20 })}\n`).toBe(`
Held-out mse
      4.00 ┼──╮
      3.00 ┤  ╰────╮
      2.00 ┤       ╰──────╮
      1.00 ┤              ╰────
           0    meta-step     2
`);
  });

  test('has the title, six rows, and an axis from 0 to the last index', () => {
    const chart = lines(Array.from({ length: 300 }, (_, i) => Math.sin(i / 20)));
    expect(chart).toHaveLength(8);
    expect(chart[0]).toBe('Held-out mse');
    expect(chart.at(-1)).toMatch(/^ {11}0 +meta-step +299$/);
  });

  test('counts to what it is told to at its right end', () => {
    expect(lines([3, 2, 1], { across: 'tasks', last: 20_000 }).at(-1)).toMatch(/^ {11}0 +tasks +20000$/);
  });

  test.each([10, 50, 70])('is as wide as asked for: %s columns', (width) => {
    const chart = lines([1, 3, 2, 4], { width, across: 'x' });
    const widest = Math.max(...chart.slice(1).map((line) => line.length));
    expect(widest).toBe(11 + width);
    expect(chart.at(-1)).toHaveLength(11 + width);
  });

  test('labels its rows from the largest value to the smallest', () => {
    const labels = lines([0.1, 0.3], { height: 3 })
      .slice(1, 4)
      .map((line) => Number.parseFloat(line));
    expect(labels).toEqual([0.3, 0.2, 0.1].map((value) => expect.closeTo(value, 2)));
  });

  test('gives labels the digits that tell them apart', () => {
    const labels = lines([1, 1.0002])
      .slice(1, 7)
      .map((line) => line.slice(0, 10));
    expect(new Set(labels).size).toBe(6);
  });

  test('is one line for a constant course, zero included', () => {
    for (const value of [0, 2, 0.37]) {
      const chart = lines([value, value, value]);
      expect(chart).toHaveLength(3);
      expect(chart[1]).toMatch(new RegExp(`^ +${value.toPrecision(3)} ┼─+$`));
    }
  });

  test('is one line for one value, whose axis has one end', () => {
    const chart = lines([0.5]);
    expect(chart[1]).toMatch(/^ +0\.500 ┼─+$/);
    expect(chart[2]).toMatch(/^ {11}0 +meta-step$/);
  });

  test('says so where there is nothing to draw, or a value is not finite', () => {
    expect(lines([])).toEqual(['Held-out mse', '  (not drawn: there is no value)']);
    expect(lines([1, Number.NaN, Number.POSITIVE_INFINITY])).toEqual([
      ...['Held-out mse', '  (not drawn: 2 of 3 values are not finite)'],
    ]);
  });

  test('has no colours and no spaces at the ends of its lines', () => {
    const chart = terminalChart([3, 1, 2], options);
    expect(chart).not.toContain('\u001b');
    expect(chart).not.toMatch(/ $/m);
  });
});
