import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import type { Layer } from '../../src/network/layer';
import { dense } from '../../src/network/layers/dense';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, type Loss, mse } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { checkBatchFits, defineNetwork, initialParameters } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';

const define = (input: number[], layers: Layer[], loss: Loss = mse) =>
  defineNetwork({ input, layers, loss, synapse: complexSynapse });

describe('the flat order of parameters', () => {
  it('is layer after layer, weights row-major [outputs][inputs], then biases', () => {
    const { topology, size } = define([3], [dense(3, 2), tanh(), dense(2, 1)]);
    const order = Array.from({ length: size }, (_, index) => {
      const { layer, parameter, from, to } = topology.connection(index);
      return `${layer} ${parameter} ${from}>${to}`;
    });
    expect(order).toEqual([
      ...['0 weight 0>0', '0 weight 1>0', '0 weight 2>0', '0 weight 0>1', '0 weight 1>1', '0 weight 2>1'],
      ...['0 bias null>0', '0 bias null>1'],
      ...['2 weight 0>0', '2 weight 1>0'],
      '2 bias null>0',
    ]);
  });

  it('has no place for biases that a layer does not have', () => {
    const { blocks, size } = define([3], [dense(3, 2, { bias: false }), dense(2, 1)]);
    expect(blocks.map(({ layer, offset, size }) => [layer, offset, size])).toEqual([
      [0, 0, 6],
      [1, 6, 2],
      [1, 8, 1],
    ]);
    expect(size).toBe(9);
  });

  it('is told back by each connection', () => {
    const anyNetwork = fc
      .tuple(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      )
      .map(([widths, biases]) =>
        define(
          [widths[0]!],
          widths.slice(1).flatMap((width, i) => [dense(widths[i]!, width, { bias: biases[i]! }), tanh()]),
        ),
      );
    fc.assert(
      fc.property(anyNetwork, ({ topology, size, blocks, layers }) => {
        for (let index = 0; index < size; index++) {
          const { layer, parameter, from, to } = topology.connection(index);
          const { offset } = blocks.find((block) => block.layer === layer && block.spec.name === parameter)!;
          const { inputs } = layers[layer] as ReturnType<typeof dense>;
          expect(offset + (from === null ? to : to * inputs + from)).toBe(index);
        }
        expect(topology.size).toBe(size);
      }),
    );
  });

  it.each([-1, 11, 0.5, Number.NaN])('has no synapse at %p', (index) => {
    const { topology } = define([3], [dense(3, 2), tanh(), dense(2, 1)]);
    expect(() => topology.connection(index)).toThrow(InputError);
    expect(() => topology.connection(index)).toThrow(/Legal: 0 to 10/);
  });
});

describe('a network is refused', () => {
  const own = (part: Partial<Layer>): Layer => ({
    kind: 'own',
    parameters: [],
    outputShape: (input) => input,
    ...part,
  });
  const gain = { name: 'gain', shape: [3], role: 'fast', initialiser: 'ones', fanIn: 1 } as const;

  it.each<[string, () => unknown, RegExp]>([
    [
      'a layer does not fit',
      () => define([3], [dense(4, 2)]),
      /input: layer 0 \(dense\)\. Got "3"\. Legal: 4 numbers.*inputs to 3/,
    ],
    [
      'a later layer does not fit',
      () => define([3], [dense(3, 2), tanh(), dense(3, 1)]),
      /input: layer 2 \(dense\)\. Got "2"\. Legal: 3/,
    ],
    ['there is no layer', () => define([3], []), /no fast parameters/],
    ['there is nothing to learn', () => define([3], [tanh()]), /no fast parameters\. Add a dense layer/],
    ['its input has no extent', () => define([0], [dense(1, 1)]), /input\[0\].*must be at least 1/],
    [
      'nothing learns inside a task',
      () => define([3], [own({ parameters: [{ ...gain, role: 'meta' }] })]),
      /no fast parameters/,
    ],
    [
      'a parameter has no whole shape',
      () => define([3], [own({ parameters: [{ ...gain, shape: [1.5] }] })]),
      /layer 0 \(own\), gain, axis 0 must be a whole number/,
    ],
    [
      'a layer gives no whole shape',
      () => define([3], [own({ parameters: [gain], outputShape: () => [Number.NaN] })]),
      /output of layer 0 \(own\), axis 0 must be a whole number/,
    ],
  ])('where %s', (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});

describe('first values', () => {
  const network = mlp([13, 20, 1], { synapse: complexSynapse });
  const drawn = (seed: string) => initialParameters(network, new RandomStream('init', seed)).fast;

  it('depend on the stream alone', () => {
    expect(drawn('a')).toEqual(drawn('a'));
    expect(drawn('a')).not.toEqual(drawn('b'));
  });

  it("are PyTorch's unless told otherwise: uniform in +-1/sqrt(inputs), biases too", () => {
    const phi = drawn('a');
    const [hidden, readout] = [phi.subarray(0, 280), phi.subarray(280)];
    const largest = (values: Float64Array) => Math.max(...values.map(Math.abs));
    expect(largest(hidden)).toBeLessThanOrEqual(1 / Math.sqrt(13));
    expect(largest(readout)).toBeLessThanOrEqual(1 / Math.sqrt(20));
    // The largest of n uniform numbers lies below 0.8 of the bound with probability 0.8^n: 1e-27 and 0.009.
    expect(largest(hidden)).toBeGreaterThan(0.8 / Math.sqrt(13));
    expect(largest(readout)).toBeGreaterThan(0.8 / Math.sqrt(20));
  });
});

describe('a batch fits a network', () => {
  const batch = (inputs: number, targets: number, y: number[]): Batch => ({
    samples: y.length / targets,
    inputs,
    targets,
    x: new Float64Array((y.length / targets) * inputs),
    y: Float64Array.from(y),
  });
  const values = define([3], [dense(3, 2)]);
  const classes = define([3], [dense(3, 2)], crossEntropy);

  it('where it has an input for each of its inputs and a target for each output', () => {
    expect(() => checkBatchFits(values, batch(3, 2, [0.5, -7]), 'train')).not.toThrow();
  });

  it('where it has a class index, for a network that tells classes apart', () => {
    expect(() => checkBatchFits(classes, batch(3, 1, [0, 1]), 'train')).not.toThrow();
  });

  it.each<[string, () => void, RegExp]>([
    [
      'too few inputs',
      () => checkBatchFits(values, batch(2, 2, [1, 2]), 'train'),
      /train\.x .*Got .*2.*Legal: 3/,
    ],
    [
      'too few targets',
      () => checkBatchFits(values, batch(3, 1, [1]), 'train'),
      /train\.y .*Got .*1.*Legal: 2/,
    ],
    [
      'two classes a sample',
      () => checkBatchFits(classes, batch(3, 2, [0, 1]), 'train'),
      /train\.y .*Legal: 1/,
    ],
    [
      'a class too high',
      () => checkBatchFits(classes, batch(3, 1, [0, 2]), 'train'),
      /train\.y\[1\].*Got 2.*0 to 1/,
    ],
    ['a class below 0', () => checkBatchFits(classes, batch(3, 1, [-1]), 'train'), /train\.y\[0\].*Got -1/],
    ['half a class', () => checkBatchFits(classes, batch(3, 1, [0.5]), 'train'), /train\.y\[0\].*Got 0\.5/],
  ])('not with %s', (_, check, message) => {
    expect(check).toThrow(InputError);
    expect(check).toThrow(message);
  });
});
