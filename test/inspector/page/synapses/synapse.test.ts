import fc from 'fast-check';
import type { ShownSpan } from '../../../../src/inspector/page/run/shown-spans';
import {
  accountText,
  apart,
  apartInWords,
  mayGrow,
} from '../../../../src/inspector/page/synapses/account/account-text';
import { rowOfTask } from '../../../../src/inspector/page/synapses/account/row-of-task';
import { sameSynapse } from '../../../../src/inspector/page/synapses/account/same-synapse';
import { movedPlace } from '../../../../src/inspector/page/synapses/heatmap/moved-place';
import { shownVariables } from '../../../../src/inspector/page/synapses/shown-variables';
import { courseData, phaseBands } from '../../../../src/inspector/page/synapses/synapse/course-data';
import { zoomedBy } from '../../../../src/inspector/page/synapses/synapse/zoomed';
import type { BlockInfo } from '../../../../src/inspector/protocol/runs';
import type { Account } from '../../../../src/inspector/protocol/traces';

const span = (firstRow: number, endRow: number, task: number, phase: number): ShownSpan => ({
  firstRow,
  endRow,
  firstTask: task,
  lastTask: task,
  phase,
  beta: phase > 0 ? 0.1 : 0,
  steps: endRow - firstRow,
  residual: null,
  isWhole: true,
});
const spans = [span(0, 3, 0, 0), span(3, 5, 0, 1), span(5, 8, 1, 0), span(8, 10, 1, 1)];

describe('courses of open synapses', () => {
  const at = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const course = (variable: string, column: number, of: (row: number) => number) => ({
    variable,
    column,
    low: at.map(of),
    high: at.map(of),
    notFinite: [],
  });
  const courses = {
    rows: 10,
    at,
    every: 1,
    courses: [course('phi', 4, (row) => row), course('phi', 7, (row) => -row), course('lambda', 4, () => 2)],
  };

  test('mark the last row of each free and each nudged phase', () => {
    const { series } = courseData(courses, 'phi', [4], spans, []);
    expect(series.map(({ label, x, y }) => [label, x, y])).toEqual([
      ['synapse 4', at, at],
      ['free equilibria', [2, 7], [2, 7]],
      ['nudged equilibria', [4, 9], [4, 9]],
    ]);
  });

  test('mark no equilibrium where the rows end within a phase', () => {
    const cut = [...spans.slice(0, 3), { ...spans[3]!, isWhole: false }];
    const { series } = courseData(courses, 'phi', [4], cut, []);
    expect(series.slice(1).map(({ x }) => x)).toEqual([[2, 7], [4]]);
  });

  test('mark nothing of a variable that no phase moves, nor where a point is several rows', () => {
    expect(courseData(courses, 'lambda', [4], spans, []).series).toHaveLength(1);
    const coarse = courseData({ ...courses, every: 2 }, 'phi', [4, 7], spans, []);
    expect(coarse.series.map(({ id, y, low }) => [id, y === undefined, low !== undefined])).toEqual([
      ['4', true, true],
      ['7', true, true],
    ]);
  });

  test('have marks of their own for each of several', () => {
    const labels = courseData(courses, 'phi', [7, 4], spans, []).series.map(({ label }) => label);
    expect(labels).toEqual([
      'synapse 7',
      'free equilibria of 7',
      'nudged equilibria of 7',
      'synapse 4',
      'free equilibria of 4',
      'nudged equilibria of 4',
    ]);
  });

  test('zoomed in, mark what lies within', () => {
    const part = {
      ...courses,
      at: at.slice(4, 8),
      courses: [{ ...courses.courses[0]!, low: [4, 5, 6, 7], high: [4, 5, 6, 7] }],
    };
    const { series } = courseData(part, 'phi', [4], spans.slice(1, 3), []);
    expect(series.map(({ x }) => x)).toEqual([[4, 5, 6, 7], [7], [4]]);
  });

  test('have bands for phases, cut at the rows shown, but none where all are alike or several in one', () => {
    expect(phaseBands(spans, 4, 9).map(({ from, to, label }) => [from, to, label])).toEqual([
      [4, 4.5, 'nudged, β = 0.1'],
      [4.5, 7.5, 'free'],
      [7.5, 8, 'nudged, β = 0.1'],
    ]);
    expect(phaseBands([span(0, 4, 0, -1)], 0, 4)).toEqual([]);
    expect(phaseBands([...spans, { ...span(10, 12, 2, 0), phase: null }], 0, 12)).toEqual([]);
  });
});

describe('zoom', () => {
  test('keeps the row under the pointer, and stays within the trace', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 1_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.5, 0.8, 1.25, 2),
        (rows, first, length, part, factor) => {
          const from = Math.floor(first * (rows - 5));
          const to = Math.max(from + 4, from + Math.floor(length * (rows - from)));
          const next = zoomedBy([from, to], rows, part, factor);
          if (next === null) {
            expect((to - from) * factor).toBeGreaterThanOrEqual(rows - 1);
            return;
          }
          expect(next[0] >= 0 && next[1] <= rows && next[1] - next[0] >= 4).toBe(true);
          // Where neither end is met, the pointer's row is where it was, to a row.
          if (next[0] > 0 && next[1] < rows)
            expect(Math.abs(next[0] + part * (next[1] - next[0]) - (from + part * (to - from)))).toBeLessThan(
              1,
            );
        },
      ),
    );
  });
});

describe('keys in a map', () => {
  const grid = { rows: 4, columns: 5 };
  const go = (key: string, row: number, column: number, holes: readonly string[] = []) =>
    movedPlace(grid, { row, column }, key, (place) => !holes.includes(`${place.row},${place.column}`));

  test('lead to the next recorded cell, and stay at the last one', () => {
    expect(go('ArrowRight', 1, 1)).toEqual({ row: 1, column: 2 });
    expect(go('ArrowRight', 1, 1, ['1,2', '1,3'])).toEqual({ row: 1, column: 4 });
    expect(go('ArrowRight', 1, 3, ['1,4'])).toEqual({ row: 1, column: 3 });
    expect(go('ArrowUp', 0, 2)).toEqual({ row: 0, column: 2 });
    expect(go('PageDown', 0, 2)).toEqual({ row: 3, column: 2 });
    expect([go('Home', 2, 3), go('End', 2, 3, ['2,4'])]).toEqual([
      { row: 2, column: 0 },
      { row: 2, column: 3 },
    ]);
    expect(go('a', 0, 0)).toBeUndefined();
    expect(movedPlace(grid, null, 'ArrowDown', () => true)).toEqual({ row: 0, column: 0 });
  });
});

describe('the variables shown', () => {
  const all = ['lambda', 'lambda.value', 'lambda.gradient'];
  test('are those of the synapse, unless what the rule saw is asked for', () => {
    expect(shownVariables(all, '')).toEqual(['lambda']);
    expect(shownVariables(all, '*')).toEqual(all);
    expect(shownVariables(all, 'lambda.gradient')).toEqual(['lambda.gradient']);
    expect(shownVariables(all, 'phi')).toEqual(['lambda']);
    expect(shownVariables(['a.b'], '')).toEqual(['a.b']);
  });
});

describe('the same synapse in another trace', () => {
  const block = (cells: BlockInfo['cells'], shape = [3, 4], layer = 0): BlockInfo => ({
    ...{ layer, parameter: 'weight', shape, axes: ['to', 'from'], ends: 'unit', first: null, cells },
  });

  const held = (blocks: readonly BlockInfo[], source: string | null = null) => ({ blocks, source });

  test('is that of the same layer, parameter and place, whatever its column', () => {
    const all = held([block([[0, 12, 1, 0]]), block([[0, 12, 1, 12]], [3, 4], 2)]);
    const some = held([block([[6, 1, 1, 0]], [2, 4], 2), block([[5, 2, 1, 1]])]);
    expect([5, 6, 18, 17, 4].map((column) => sameSynapse(all, column, some))).toEqual([1, 2, 0, -1, -1]);
    expect(sameSynapse(some, 0, all)).toBe(18);
    expect(sameSynapse(all, 23, some)).toBe(-1);
    expect(sameSynapse(all, 99, some)).toBe(-1);
  });

  test('is none of another learner at the same place', () => {
    const [one, another] = ['contrastive', 'maml'].map((source) => held([block([[0, 12, 1, 0]])], source));
    expect([sameSynapse(one!, 3, one!), sameSynapse(one!, 3, another!)]).toEqual([3, -1]);
    expect(sameSynapse(one!, 3, held(one!.blocks))).toBe(-1);
  });
});

test('the first row of a task is found among tasks that never fall', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 40 }), fc.nat(14), async (unordered, task) => {
      const tasks = unordered.sort((a, b) => a - b);
      const moment = async (row: number) => ({
        row,
        task: tasks[row]!,
        phase: 0,
        beta: 0,
        step: 1,
        residual: null,
      });
      expect(await rowOfTask(moment, tasks.length, task)).toBe(tasks.findIndex((each) => each >= task));
    }),
  );
});

describe('an account', () => {
  test('says how far what was reckoned is from what was recorded, relative to the larger', () => {
    expect([apart(1, null), apart(1, 1), apart(0, 0), apart(1, 2), apart(-1, 1)]).toEqual([
      null,
      0,
      0,
      0.5,
      2,
    ]);
    expect(apartInWords(1, 1)).toBe('the same as recorded');
    expect(apartInWords(1 + 2 ** -52, 1)).toBe('2.2e-16 apart, relative');
    expect(apartInWords(Number.NaN, 1)).toBe('not as recorded');
  });

  test('as text has each number in full, and Greek letters', () => {
    const account: Account = {
      moment: { row: 2, task: 5, phase: -1, beta: 0, step: 0, residual: null },
      column: 3,
      penalty: 'lambda * (phi - omega)^2 / 2',
      equilibria: [
        {
          task: 5,
          phases: [
            { beta: 0, value: 0.1 + 0.2 },
            { beta: 0.1, value: 0.25 },
          ],
        },
      ],
      variables: [
        {
          variable: 'lambda',
          lines: [
            {
              words: 'contrast of lambda',
              formula: 'gradient = phi[0.1] - phi[0]',
              numbers: '0.25 - 0.3',
              value: -0.05,
              recorded: -0.05,
            },
          ],
          before: 1,
          after: 0.5,
          change: -0.5,
        },
      ],
      notes: ['omega: does not learn'],
    };
    expect(mayGrow(account)).toBe(true);
    expect(mayGrow({ ...account, notes: [] })).toBe(false);
    expect(mayGrow({ ...account, notes: [], equilibria: [] })).toBe(true);
    expect(accountText(account, 'layer 0: weight from unit 1 to unit 0')).toBe(
      [
        'layer 0: weight from unit 1 to unit 0: meta-update after task 5 (row 2)',
        'R = λ * (φ - ω)^2 / 2',
        '  task 5, free: 0.30000000000000004',
        '  task 5, nudged, β = 0.1: 0.25',
        '',
        'λ: 1 → 0.5, Δ = -0.5',
        '  contrast of λ',
        '    gradient = φ[0.1] - φ[0]',
        '    = 0.25 - 0.3',
        '    = -0.05',
        '    recorded: -0.05 (the same as recorded)',
        '',
        'ω: does not learn\n',
      ].join('\n'),
    );
  });
});
