import { lenet5 } from '../../models/lenet5';
import { mnistMlp } from '../../models/mnist-mlp';
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
