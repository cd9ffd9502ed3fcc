import fc from 'fast-check';
import { parse } from 'papaparse';
import type { Figure } from '../../src/plot/figure';
import { figureCsv } from '../../src/plot/figure-csv';
import { bandAndDots, closeLines, shadedPhases, smallMultiples } from './example-figures';

const rowsOf = (csv: string) =>
  parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
const axes = { x: { label: '', scale: 'linear' }, y: { label: '', scale: 'linear' } } as const;

describe('the CSV of a figure', () => {
  test('gives back every digit of every number, whatever its label', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // -0 is 0 in text
    const points = fc.array(fc.record({ x: number, y: number }), { minLength: 1, maxLength: 5 });
    const label = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(label, points, (name, given) => {
        const figure: Pick<Figure, 'panels'> = {
          panels: [{ ...axes, series: [{ label: name, points: given }] }],
        };
        const rows = rowsOf(figureCsv(figure));
        expect(rows.map((row) => row.series)).toEqual(given.map(() => name));
        expect(rows.map(({ x, y }) => ({ x: Number(x), y: Number(y) }))).toEqual(given);
      }),
    );
  });

  test('has intervals, the kind of a series, and a row for each reference line', () => {
    expect(figureCsv(bandAndDots).split('\n')[0]).toBe('panel,series,kind,x,y,low,high');
    const rows = rowsOf(figureCsv(bandAndDots));
    expect(rows).toHaveLength(24);
    const { x, y, low, high } = bandAndDots.panels[0]!.series[1]!.points[0]!;
    expect(rows[20]).toEqual({
      ...{ panel: '1', series: 'measured', kind: 'dots' },
      ...{ x: `${x}`, y: `${y}`, low: `${low}`, high: `${high}` },
    });
    const references = rowsOf(figureCsv(closeLines)).filter(({ kind }) => kind === 'reference');
    expect(references.map(({ series, x, y }) => [series, x, y])).toEqual([
      ['β* = 0.0032', '0.0032', ''],
      ['too large to have a minimum', '5', ''],
      ['float32 noise floor', '', '0.001'],
    ]);
  });

  test('has a row for each span, with its ends as low and high', () => {
    const spans = rowsOf(figureCsv(shadedPhases)).filter(({ kind }) => kind === 'span');
    expect(spans.slice(0, 2).map(({ panel, series, x, low, high }) => [panel, series, x, low, high])).toEqual(
      [
        ['1', 'free', '', '0', '100'],
        ['1', 'beta = 0.1', '', '100', '200'],
      ],
    );
    expect(spans).toHaveLength(8);
  });

  test('has each curve once, in the panel where it is not muted', () => {
    const rows = rowsOf(figureCsv(smallMultiples));
    expect(rows).toHaveLength(5 * 11);
    for (const { panel, series } of rows) expect(series).toBe(`method ${Number(panel) - 1}`);
  });

  test('is empty where a number is not finite', () => {
    const points = [{ x: 1, y: Number.NaN, low: Number.NEGATIVE_INFINITY, high: 2 }];
    expect(figureCsv({ panels: [{ ...axes, series: [{ label: 'a', points }] }] }).split('\n')[1]).toBe(
      '1,a,line,1,,,2',
    );
  });
});
