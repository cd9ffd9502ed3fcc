import { inspect } from 'node:util';
import { InputError } from '../../src/core/errors';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import type { Layer } from '../../src/network/layer';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { modulation } from '../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';
import { type SynapseSelection, selectSynapses } from '../../src/trace/probe';

const network = (input: number[], ...layers: Layer[]) =>
  defineNetwork({ input, layers, loss: mse, synapse: complexSynapse });

describe('the shape of an image', () => {
  it.each<[string, number[], Layer, number[]]>([
    ['a convolution', [3, 8, 9], conv2d(3, 4, { kernel: 3 }), [4, 6, 7]],
    [
      'a convolution with stride and padding',
      [1, 7, 8],
      conv2d(1, 2, { kernel: 3, stride: 2, padding: 1 }),
      [2, 4, 4],
    ],
    ['a pool', [2, 5, 4], maxPool(2), [2, 2, 2]],
    ['an overlapping pool', [2, 5, 4], averagePool(3, { stride: 1 }), [2, 3, 2]],
    ['batch norm', [2, 5, 4], batchNorm(2), [2, 5, 4]],
    ['flatten', [2, 5, 4], flatten(), [40]],
  ])('behind %s', (_, input, layer, output) => {
    expect(layer.outputShape(input)).toEqual(output);
  });

  it.each<[string, number[], Layer, RegExp]>([
    [
      'another number of channels',
      [2, 5, 5],
      conv2d(3, 1, { kernel: 2 }),
      /Got "2x5x5".*\[3, rows, columns\].*input channels to 2/,
    ],
    ['no image', [25], conv2d(1, 1, { kernel: 2 }), /Got "25"\. Legal: an image/],
    [
      'an image smaller than the kernel',
      [1, 3, 3],
      conv2d(1, 1, { kernel: 5 }),
      /kernel of a convolution is larger.*5 pixels.*3 at the most/,
    ],
    ['an image smaller than the window', [1, 3, 3], maxPool(4), /window of max-pool is larger/],
    ['an image in front of a dense layer', [1, 3, 3], dense(9, 1), /Put flatten\(\) before it/],
    ['other features', [3], batchNorm(4), /Got "3"\. Legal: \[4\]/],
  ])('is refused where there is %s', (_, input, layer, message) => {
    expect(() => network(input, layer, flatten(), dense(1, 1))).toThrow(InputError);
    expect(() => network(input, layer, flatten(), dense(1, 1))).toThrow(message);
  });
});

describe('a synapse of a kernel', () => {
  const image = network([2, 3, 3], conv2d(2, 3, { kernel: 2 }), batchNorm(3), flatten(), dense(12, 1));
  const { topology, size } = image;
  // [output 1][input 1][row 1][column 0]
  const index = 8 + 4 + 2;

  it('is named by its input channel, its row and column there, and its output channel; a bias by its channel', () => {
    expect(size).toBe(24 + 3 + 6 + 13);
    expect(topology.connection(index)).toEqual({
      ...{ layer: 0, parameter: 'weight', from: 1, row: 1, column: 0, to: 1 },
    });
    expect(topology.connection(24 + 2)).toEqual({ layer: 0, parameter: 'bias', from: null, to: 2 });
    expect(topology.connection(27 + 1)).toEqual({ layer: 1, parameter: 'gain', from: null, to: 1 });
  });

  it('is printed so', () => {
    const population = new Population(complexSynapse, topology);
    const [synapse, last] = [population.synapses[index]!, population.synapses[size - 2]!];
    expect(inspect(synapse)).toBe(
      "Synapse { layer: 0, parameter: 'weight', from: 1, row: 1, column: 0, to: 1, phi: 0, omega: 0, lambda: 0 }",
    );
    expect([synapse.from, synapse.row, synapse.column, synapse.depth, synapse.to]).toEqual([
      1,
      1,
      0,
      undefined,
      1,
    ]);
    expect(inspect(last)).toMatch("layer: 3, parameter: 'weight', from: 11, to: 0, phi");
    expect(last.row).toBeUndefined();
  });

  it('is selected so by probes', () => {
    const population = new Population(complexSynapse, topology);
    const selected = (selection: SynapseSelection) => selectSynapses(population, selection);
    expect(selected({ layer: 0, from: 1, row: 1, column: 0, to: 1 })).toEqual([index]);
    expect(selected({ layer: 0, from: 0, to: 2 })).toEqual([16, 17, 18, 19]);
    expect(selected({ layer: 0, row: 1, column: 1 })).toEqual([3, 7, 11, 15, 19, 23]);
    expect(selected(({ row, column, from }) => row === 0 && column === 1 && from === 1)).toEqual([5, 13, 21]);
    expect(() => selected({ layer: 0, row: 2 })).toThrow(
      /selects no synapse\. Got .*"row":2.*Legal: layer 0: weight \(to 0-2, from 0-1, row 0-1, column 0-1\), bias/,
    );
  });

  it('is named so in the axes of a layer of anybody’s own, whatever it is called', () => {
    const own: Layer = {
      kind: 'correlation-of-my-own',
      parameters: [
        { name: 'filters', shape: [4, 2, 3, 5], role: 'fast', initialiser: 'zeros', fanIn: 30 },
        { name: 'offset', shape: [4], role: 'fast', initialiser: 'zeros', fanIn: 30 },
      ],
      outputShape: ([, rows, columns]) => [4, rows! - 2, columns! - 4],
    };
    const { topology } = network([2, 5, 7], own, flatten(), dense(36, 1));
    expect(topology.connection(2 * 30 + 15 + 2 * 5 + 4)).toEqual({
      ...{ layer: 0, parameter: 'filters', from: 1, row: 2, column: 4, to: 2 },
    });
    expect(topology.blocks!.map(({ ends }) => ends)).toEqual(['channel', 'channel', 'unit', 'unit']);
  });
});

describe('the reference engine', () => {
  /** What a pool gives, as the modulation of one pixel each leaves it: a network needs something that learns. */
  const forward = async (input: number[], layer: Layer, x: number[]) => {
    const given = network(input, modulation(x.length), layer, flatten());
    const session = await referenceEngine.open(given);
    await session.write('phi', x.map(() => 1).concat(x.map(() => 0)));
    const targets = given.outputShape[0]!;
    const batch = {
      samples: 1,
      inputs: x.length,
      targets,
      x: Float64Array.from(x),
      y: new Float64Array(targets),
    };
    return [...(await session.evaluate(batch)).outputs];
  };

  it('takes the first of equal numbers, and gives NaN for a window that holds one', async () => {
    expect(await forward([1, 2, 4], maxPool(2), [1, 5, NaN, 9, 5, 5, 2, 3])).toEqual([5, NaN]);
    expect(await forward([1, 2, 4], averagePool(2), [1, 5, 0, 9, 5, 5, 2, 3])).toEqual([4, 3.5]);
  });
});

it('of a kind that an engine does not have is refused by it, which names those that it has', async () => {
  const fold: Layer = { ...flatten(), kind: 'fold' };
  const given = network([1, 3, 3], fold, dense(9, 1));
  await expect(simdEngine().open(given)).rejects.toThrow(
    /no kernels for this layer\. Got "fold"\. Legal: batch-norm, conv2d.*--engine reference/,
  );
});
