import { DOMParser } from 'linkedom';
import { parse } from 'papaparse';
import { checkFigure } from '../../src/plot/check-figure';
import type { Figure } from '../../src/plot/figure';
import { figureCsv } from '../../src/plot/figure-csv';
import { figureSvg } from '../../src/plot/figure-svg';
import { mapOfCells } from './example-figures';

const command = 'npx metaplast run mnist';
const { values, columns } = mapOfCells.panels[0]!.cells!;

interface Rectangle {
  getAttribute(name: string): string;
}

/** The cells' rectangles: those in the group that is drawn without smoothing, but for the bar's. */
function rectangles(figure: Figure): Rectangle[] {
  const document = new DOMParser().parseFromString(figureSvg({ ...figure, command }), 'image/svg+xml');
  return [...document.querySelectorAll('g[shape-rendering] rect')] as unknown as Rectangle[];
}

describe('a map of cells', () => {
  const cells = rectangles(mapOfCells).slice(0, values.length - 1);

  test('has the top row first, and a cell that is not finite stays white', () => {
    const places = cells.map((cell) => ['x', 'y'].map((name) => Number(cell.getAttribute(name))));
    // The last value is not finite.
    expect(places).toHaveLength(11);
    for (let i = 1; i < places.length; i++) {
      const [x, y] = places[i]!;
      const [beforeX, beforeY] = places[i - 1]!;
      if (i % columns === 0) expect(y).toBeGreaterThan(beforeY!);
      else expect([x! > beforeX!, y]).toEqual([true, beforeY]);
    }
  });

  test('has the darkest colour for the least value, the brightest for the largest, and says what they stand for', () => {
    const fill = (value: number) => cells[values.indexOf(value)]!.getAttribute('fill');
    expect([fill(0), fill(10)]).toEqual(['#440154', '#fde725']);
    const words = figureSvg({ ...mapOfCells, command });
    for (const label of ['>mean λ<', '>10<', '>5<', '>0<']) expect(words).toContain(label);
  });

  test('has one colour where all values are one', () => {
    const [panel] = mapOfCells.panels;
    const level = {
      ...mapOfCells,
      panels: [{ ...panel!, cells: { ...panel!.cells!, values: [2, 2, 2, 2] } }],
    };
    expect(new Set(rectangles(level).map((cell) => cell.getAttribute('fill'))).size).toBe(1);
  });

  test('has every value in the CSV, with its column and row', () => {
    const rows = parse<Record<string, string>>(figureCsv(mapOfCells), {
      header: true,
      skipEmptyLines: true,
    }).data;
    expect(rows.map(({ kind }) => kind)).toEqual(values.map(() => 'cell'));
    expect(rows[5]).toMatchObject({ series: 'mean λ', x: '1', y: '1', value: `${values[5]}` });
    expect(rows.at(-1)).toMatchObject({ x: '3', y: '2', value: '' });
  });

  test('is refused where its rows are not whole', () => {
    const [panel] = mapOfCells.panels;
    const torn = {
      ...mapOfCells,
      panels: [{ ...panel, cells: { label: 'λ', columns: 5, values: [1, 2, 3] } }],
    };
    expect(() => checkFigure(torn)).toThrow(/rows must be whole/);
  });
});
