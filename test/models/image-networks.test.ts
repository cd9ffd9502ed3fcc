import { lenet5 } from '../../models/lenet5';
import { mnistMlp } from '../../models/mnist-mlp';
import { modulatedOmniglotConv4, omniglotConv4 } from '../../models/omniglot-conv4';
import { RandomStreams } from '../../src/core/random';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { initialParameters } from '../../src/network/network';

it('the network for MNIST has the 466,698 synapses of the paper', () => {
  const { size, shapes } = mnistMlp();
  expect(size).toBe(466_698);
  expect(shapes[0]).toEqual([784]);
  expect(shapes.at(-1)).toEqual([10]);
});

describe('LeNet-5', () => {
  it('has the 62,458 synapses of the paper, and batch norm before each ReLU', () => {
    const { size, layers, shapes } = lenet5();
    expect(size).toBe(62_458);
    const kinds = layers.map(({ kind }) => kind);
    kinds.forEach((kind, i) => {
      if (kind === 'relu') expect(kinds[i - 1]).toBe('batch-norm');
    });
    expect(kinds.filter((kind) => kind === 'relu')).toHaveLength(4);
    expect(shapes.map((shape) => shape.join('x'))).toEqual(
      expect.arrayContaining([
        '3x32x32',
        '6x28x28',
        '6x14x14',
        '16x10x10',
        '16x5x5',
        '400',
        '120',
        '84',
        '10',
      ]),
    );
  });

  it('learns two images by heart', async () => {
    const network = lenet5();
    const streams = new RandomStreams(1);
    const { fast } = initialParameters(network, streams.stream('phi'));
    const stream = streams.stream('images');
    const x = Float64Array.from({ length: 2 * 3072 }, () => stream.normal());
    const batch = { samples: 2, inputs: 3072, targets: 1, x, y: Float64Array.of(3, 7) };
    const session = await referenceEngine.open(network);
    let phi = fast;
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) {
      await session.write('phi', phi);
      losses.push((await session.evaluate(batch)).loss);
      const gradient = await session.gradient(batch);
      phi = phi.map((value, i) => value - 0.1 * gradient[i]!);
    }
    await session.close();
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  });
});

describe('the network for characters', () => {
  it.each([
    [5, 112_261],
    [20, 113_236],
  ])('has, for %d classes, %d synapses', (ways, expected) => {
    // 64 kernels of 9 and 3 x 64 of 576, with a bias, a gain and a threshold a channel; then the readout of 64 numbers.
    expect(64 * 9 + 3 * 64 * 576 + 4 * 3 * 64 + 65 * ways).toBe(expected);
    expect(omniglotConv4({ ways }).size).toBe(expected);
    expect(omniglotConv4({ ways }).meta.size).toBe(0);
  });

  it('halves characters of 28 x 28 pixels four times, to one pixel of 64 channels', () => {
    const { layers, shapes } = omniglotConv4();
    const pools = shapes.filter((_, i) => layers[i - 1]?.kind === 'max-pool');
    expect(pools.map((shape) => shape.join('x'))).toEqual(['64x14x14', '64x7x7', '64x3x3', '64x1x1']);
    expect(shapes.at(-1)).toEqual([5]);
    const block = ['conv2d', 'batch-norm', 'relu', 'max-pool'];
    const kinds = [...block, ...block, ...block, ...block, 'flatten', 'dense'];
    expect(layers.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    [5, 837],
    [20, 1812],
  ])('has, learning by modulation of %d classes, %d fast numbers; all others are theta', (ways, expected) => {
    const network = modulatedOmniglotConv4({ ways });
    expect(network.size).toBe(expected);
    expect(network.size + network.meta.size).toBe(omniglotConv4({ ways }).size);
    const fast = network.blocks.map(({ layer, spec }) => `${network.layers[layer]!.kind} ${spec.name}`);
    const norm = ['batch-norm gain', 'batch-norm threshold'];
    expect(fast).toEqual([...norm, ...norm, ...norm, ...norm, 'dense weight', 'dense bias']);
    expect(network.synapse.meta).toEqual([]);
  });

  it('can be smaller', () => {
    const { size, shapes } = omniglotConv4({ ways: 3, filters: 4 });
    expect(size).toBe(4 * 9 + 3 * 4 * 36 + 4 * 3 * 4 + 5 * 3);
    expect(shapes.at(-1)).toEqual([3]);
  });

  it('begins with weights as He et al. draw them, biases of 0, gains of 1 and thresholds of 0', () => {
    const network = omniglotConv4({ filters: 8 });
    const { fast } = initialParameters(network, new RandomStreams(1).stream('phi'));
    for (const { spec, offset, size } of network.blocks) {
      const values = [...fast.subarray(offset, offset + size)];
      if (spec.name !== 'weight') {
        expect(new Set(values)).toEqual(new Set([spec.name === 'gain' ? 1 : 0]));
        continue;
      }
      const bound = Math.sqrt(6 / spec.fanIn);
      const largest = Math.max(...values.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.8 * bound); // the least of them has 40 values
    }
  });
});
