import fc from 'fast-check';
import { modulatedSinusoidMlp } from '../../models/sinusoid-mlp';
import { InputError } from '../../src/core/errors';
import { sizeOf } from '../../src/core/shape';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { mse } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { connectionIn } from '../../src/synapse/topology';
import { columnsOf, describeSynapses, parseSynapses, unmatched } from '../../src/trace/asked-synapses';

const recordedOf = ({ size, topology }: Network) =>
  Array.from({ length: size }, (_, index) => ({ index, ...topology.connection(index) }));
/** 13-20-1: 260 weights and 20 biases, then 20 weights and a bias. */
const synapses = recordedOf(mlp([13, 20, 1], { activation: 'tanh', synapse: complexSynapse }));
const named = (text: string, among = synapses) =>
  columnsOf(among, parseSynapses(text)).map((column) => among[column]!.index);

describe('synapses that somebody asks for', () => {
  test.each<[string, number[]]>([
    ['42', [42]],
    ['7,2, 5', [2, 5, 7]],
    ['3-5', [3, 4, 5]],
    ['3-5,4-6', [3, 4, 5, 6]],
    ['0:3:3', [42]],
    ['0:bias:7', [267]],
    ['0:11-12:0', [11, 12]],
    ['0:0:1-2', [13, 26]],
    ['0:*:0', [...Array.from({ length: 13 }, (_, i) => i), 260]],
    ['2:bias:0,0', [0, 300]],
    ['*:bias:0', [260, 300]],
    ['0:weight:0', Array.from({ length: 13 }, (_, i) => i)],
  ])('%s', (text, indices) => {
    expect(named(text)).toEqual(indices);
  });

  test('may be gains and thresholds of neurons', () => {
    const modulated = recordedOf(modulatedSinusoidMlp(4));
    expect(named('1:gain:2', modulated).map((index) => modulated[index])).toEqual([
      { index: 2, layer: 1, parameter: 'gain', from: null, to: 2 },
    ]);
  });

  describe('of kernels', () => {
    const image = defineNetwork({
      input: [2, 3, 3],
      layers: [conv2d(2, 3, { kernel: 2 }), flatten(), dense(12, 1)],
      ...{ loss: mse, synapse: complexSynapse },
    });
    const kernels = recordedOf(image);

    test.each<[string, number[]]>([
      ['0:1:1:0:1', [14]],
      ['0:0:2', [16, 17, 18, 19]],
      ['0:*:1:1:*', [3, 7, 11, 15, 19, 23]],
      ['0:0-1:0:0-1:2', [16, 17, 20, 21]],
      ['0:weight:0:0:1', [8, 12]],
      ['0:bias:1', [25]],
      ['0:*:*:*:1', [8, 9, 10, 11, 12, 13, 14, 15, 25]],
      ['1:*:0:0:0', []],
    ])('%s', (text, indices) => {
      expect(named(text, kernels)).toEqual(indices);
    });

    test('are told in words that name them again', () => {
      expect(describeSynapses(kernels)).toBe('0-39, or 0:0-1:0-1:0-1:0-2, 0:bias:0-2, 2:0-11:0, 2:bias:0');
      const some = fc.uniqueArray(fc.nat(image.size - 1), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(some, (indices) => {
          const held = [...indices].sort((a, b) => a - b).map((index) => kernels[index]!);
          for (const words of describeSynapses(held).split(', or '))
            expect(named(words, kernels)).toEqual(held.map(({ index }) => index));
        }),
      );
    });

    test('of one dimension and of three', () => {
      const of = (shape: number[]) =>
        Array.from({ length: sizeOf(shape) }, (_, index) => ({
          index,
          ...connectionIn({ layer: 0, parameter: 'w', shape, first: 0, ends: 'channel' }, index),
        }));
      const [line, solid] = [of([2, 2, 3]), of([2, 2, 2, 2, 2])];
      expect(describeSynapses(line)).toBe('0-11, or 0:0-1:*:0-2:0-1');
      expect(named('0:1:*:2:0', line)).toEqual([5]);
      expect(describeSynapses(solid)).toBe('0-31, or 0:0-1:0-1:0-1:0-1:0-1');
      expect(named('0:0:1:1:0:1', solid)).toEqual([0b10110]);
    });
  });

  test.each([
    '',
    ',',
    '42,',
    '-1',
    '1.5',
    '1e3',
    'phi',
    '1:2',
    '1:2:3:4',
    '1:2:x:4:5',
    '1:2:3:4:5:6:7',
    '0::7',
    '0:bias:',
    ':3:7',
    '7-3',
    '0:9-2:1',
    '__proto__',
    '0:3:bias',
    '99999999999999999999',
  ])('is refused where it is "%s", with what is legal', (text) => {
    expect(() => parseSynapses(text)).toThrow(InputError);
    expect(() => parseSynapses(text)).toThrow(/Legal: an index \(42\), a range \(3-7\), or LAYER:FROM:TO/);
  });

  test('that no trace holds are told word by word', () => {
    expect(unmatched(parseSynapses('42,301,0:13:0'), [synapses]).map(({ word }) => word)).toEqual([
      '301',
      '0:13:0',
    ]);
    expect(unmatched(parseSynapses('1,9'), [synapses.slice(0, 2), synapses.slice(9, 10)])).toEqual([]);
  });
});

describe('the synapses that a trace holds', () => {
  test('are told in words that name them', () => {
    expect(describeSynapses(synapses)).toBe('0-300, or 0:0-12:0-19, 0:bias:0-19, 2:0-19:0, 2:bias:0');
  });

  test('are named again by each kind of these words, whichever they are', () => {
    const some = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, (indices) => {
        const held = [...indices].sort((a, b) => a - b).map((index) => synapses[index]!);
        const [byIndex, byConnection] = describeSynapses(held).split(', or ');
        expect(named(byIndex!)).toEqual(held.map(({ index }) => index));
        expect(named(byConnection!)).toEqual(held.map(({ index }) => index));
      }),
    );
  });

  test('are told in few words where they are many that no range names', () => {
    const odd = synapses.filter(({ index }) => index % 2 === 1 && index < 200);
    expect(describeSynapses(odd)).toMatch(/^1,3,5,.*, or 0:1:0, 0:3:0, .*, \.\.\. and \d+ more$/);
  });
});
