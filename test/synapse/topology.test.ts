import fc from 'fast-check';
import { sizeOf } from '../../src/core/shape';
import { axesOf, connectionIn, connectionInWords, topologyInWords } from '../../src/synapse/topology';

const block = (parameter: string, shape: number[], ends: 'channel' | 'unit' = 'unit') => ({
  ...{ layer: 2, parameter, shape, first: 0, ends },
});

describe('the entry of a parameter is a connection by its axes', () => {
  test.each<[string, number[], number, object]>([
    ['one: it ends', [5], 3, { from: null, to: 3 }],
    ['two: it ends, and comes from', [5, 4], 13, { from: 1, to: 3 }],
    ['three: and has a column in a kernel', [5, 4, 3], 13, { from: 0, column: 1, to: 1 }],
    ['four: and a row', [5, 4, 3, 2], 24 + 6 + 2 + 1, { from: 1, row: 1, column: 1, to: 1 }],
    ['five: and a depth', [2, 2, 2, 2, 2], 0b10110, { from: 0, depth: 1, row: 1, column: 0, to: 1 }],
    [
      'six: two of them say where from',
      [2, 3, 2, 1, 1, 1],
      6 + 3,
      { from: 3, depth: 0, row: 0, column: 0, to: 1 },
    ],
  ])('%s', (_, shape, place, connection) => {
    const found = connectionIn(block('filters', shape), place);
    expect(found).toEqual({ layer: 2, parameter: 'filters', ...connection });
    expect(Object.keys(found).at(-1)).toBe('to');
  });

  test('and no two entries are the same', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const all = Array.from({ length: sizeOf(shape) }, (_, i) =>
          JSON.stringify(connectionIn(block('w', shape), i)),
        );
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});

test.each([
  [[6], ['to']],
  [
    [6, 3, 5, 5],
    ['to', 'from', 'row', 'column'],
  ],
  [
    [6, 3, 2, 5, 5, 5],
    ['to', 'from', 'from', 'depth', 'row', 'column'],
  ],
])('a parameter of shape %p has the axes %p', (shape, axes) => {
  expect(axesOf(shape)).toEqual(axes);
});

test.each([
  [block('weight', [4, 3]), 5, 'from unit 2 to unit 1'],
  [block('bias', [4]), 2, 'bias of unit 2'],
  [block('gain', [4], 'channel'), 2, 'gain of channel 2'],
  [
    block('weight', [4, 3, 2, 2], 'channel'),
    17,
    'from channel 1 at row 0, column 1 of the kernel to channel 1',
  ],
])('in words, %j has at %i: %s', (of, place, words) => {
  expect(connectionInWords({ ...connectionIn(of, place), ends: of.ends })).toBe(words);
});

test('what synapses there are is told layer by layer, with the range of each axis', () => {
  expect(
    topologyInWords([block('weight', [4, 1, 2, 2]), block('bias', [4]), { ...block('w', [3, 2]), layer: 5 }]),
  ).toBe(
    'layer 2: weight (to 0-3, from 0, row 0-1, column 0-1), bias (to 0-3); layer 5: w (to 0-2, from 0-1)',
  );
});
