import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { mse } from '../../src/network/loss';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import {
  RecordedSynapses,
  type StoredSynapses,
  type SynapseRuns,
  storeSynapses,
} from '../../src/trace/recorded-synapses';

const network = (...layers: Parameters<typeof defineNetwork>[0]['layers']): Network =>
  defineNetwork({ input: [3, 8, 8], layers, loss: mse, synapse: complexSynapse });
/** 6 kernels of 5 x 5 on 3 channels, normalised; then 10 units. */
const { topology, size } = network(conv2d(3, 6, { kernel: 5 }), batchNorm(6), flatten(), dense(96, 10));
const all = Array.from({ length: size }, (_, i) => i);
const readBack = (stored: StoredSynapses) => new RecordedSynapses(JSON.parse(JSON.stringify(stored)));

test('the synapses of a trace are read back as they were: whichever were recorded, however they were written', () => {
  const some = fc.oneof(
    fc.subarray(all, { minLength: 1 }),
    fc
      .tuple(fc.nat(size - 1), fc.integer({ min: 1, max: 40 }))
      .map(([from, step]) => all.filter((i) => i >= from && i % step === 0)),
  );
  fc.assert(
    fc.property(some, (indices) => {
      const recorded = readBack(storeSynapses(indices, topology));
      expect(recorded.length).toBe(indices.length);
      const expected = indices.map((index) => ({ index, ...topology.connection(index) }));
      const bare = [...recorded].map(({ ends, ...synapse }) => synapse);
      expect(bare).toEqual(expected);
      expect(indices.map((_, column) => recorded.at(column))).toEqual([...recorded]);
    }),
    { numRuns: 60 },
  );
});

test('up to 1,000 are written one by one, with those that end on a channel said to', () => {
  expect(storeSynapses([77, 452, 460, 465], topology)).toEqual([
    { index: 77, layer: 0, parameter: 'weight', from: 0, row: 0, column: 2, to: 1, ends: 'channel' },
    { index: 452, layer: 0, parameter: 'bias', from: null, to: 2, ends: 'channel' },
    { index: 460, layer: 1, parameter: 'gain', from: null, to: 4, ends: 'channel' },
    { index: 465, layer: 1, parameter: 'threshold', from: null, to: 3, ends: 'channel' },
  ]);
  expect(storeSynapses([size - 1], topology)).toEqual([
    { index: size - 1, layer: 3, parameter: 'bias', from: null, to: 9 },
  ]);
});

test('more are written as runs of indices, and the parameters that hold them', () => {
  expect(storeSynapses(all, topology)).toMatchObject({
    runs: [[0, size, 1]],
    blocks: [
      {
        layer: 0,
        parameter: 'weight',
        first: 0,
        shape: [6, 3, 5, 5],
        axes: ['to', 'from', 'row', 'column'],
        ends: 'channel',
      },
      { layer: 0, parameter: 'bias', first: 450, shape: [6], axes: ['to'], ends: 'channel' },
      { layer: 1, parameter: 'gain', first: 456, shape: [6] },
      { layer: 1, parameter: 'threshold', first: 462, shape: [6] },
      { layer: 3, parameter: 'weight', first: 468, shape: [10, 96], axes: ['to', 'from'], ends: 'unit' },
      { layer: 3, parameter: 'bias', first: 1428, shape: [10] },
    ],
  });
  const large = network(flatten(), dense(192, 2000)).topology;
  const fromSeven = Array.from({ length: 2000 }, (_, to) => 7 + 192 * to);
  expect(storeSynapses(fromSeven, large)).toEqual({
    runs: [[7, 2000, 192]],
    blocks: [
      { layer: 1, parameter: 'weight', first: 0, shape: [2000, 192], axes: ['to', 'from'], ends: 'unit' },
    ],
  });
});

test('466,698 synapses take some lines, not 67 MB', () => {
  const widths = [784, 256, 256, 256, 256, 256, 10];
  const layers = widths.slice(1).map((outputs, i) => dense(widths[i]!, outputs));
  const mnist = defineNetwork({ input: [784], layers, loss: mse, synapse: complexSynapse });
  const stored = storeSynapses(
    Array.from({ length: mnist.size }, (_, i) => i),
    mnist.topology,
  );
  expect(mnist.size).toBe(466_698);
  expect(JSON.stringify(stored, null, 2).length).toBeLessThan(4000);
});

test('a topology that knows its synapses only one by one has them written so', () => {
  const own = {
    size: 5000,
    connection: (index: number) => ({ layer: 0, parameter: 'w', from: index, to: 0 }),
  };
  const stored = storeSynapses(
    Array.from({ length: 5000 }, (_, i) => i),
    own,
  );
  expect(readBack(stored).at(4321)).toEqual({ index: 4321, layer: 0, parameter: 'w', from: 4321, to: 0 });
});

test.each<[string, (stored: SynapseRuns) => unknown]>([
  ['a column that there is not', (stored) => new RecordedSynapses(stored).at(size)],
  [
    'an index in none of the parameters',
    ({ runs, blocks }) => [...new RecordedSynapses({ runs, blocks: blocks.slice(0, 1) })],
  ],
])('refuses %s', (_, read) => {
  expect(() => read(storeSynapses(all, topology) as SynapseRuns)).toThrow(InputError);
});

test.each([
  null,
  3,
  {},
  { runs: [[0, 0, 1]], blocks: [] },
  { runs: [[0, 1]], blocks: [] },
  [{ layer: 0 }],
  { runs: [], blocks: [{}] },
])('refuses %j, which are no synapses of a trace', (stored) => {
  expect(() => new RecordedSynapses(stored as never)).toThrow(InputError);
});
