import { InputError } from '../../../src/core/errors';
import type { Layer } from '../../../src/network/layer';
import { conv2d } from '../../../src/network/layers/conv2d';
import { dense } from '../../../src/network/layers/dense';

describe('a dense layer', () => {
  it('has a weight [outputs][inputs] and a bias [outputs], all fast', () => {
    const { parameters } = dense(3, 2);
    expect(parameters.map(({ name, shape, role, fanIn }) => [name, shape, role, fanIn])).toEqual([
      ['weight', [2, 3], 'fast', 3],
      ['bias', [2], 'fast', 3],
    ]);
  });

  it('has no bias where it should have none', () => {
    expect(dense(3, 2, { bias: false }).parameters.map(({ name }) => name)).toEqual(['weight']);
  });

  it.each([
    [{}, ['uniform-fan-in', 'uniform-fan-in']],
    [{ initialiser: 'ones' }, ['ones', 'ones']],
    [{ initialiser: 'kaiming-uniform', biasInitialiser: 'zeros' }, ['kaiming-uniform', 'zeros']],
    [{ biasInitialiser: 'zeros' }, ['uniform-fan-in', 'zeros']],
  ] as const)(
    'and a convolution of options %j have biases that begin as weights do, or by themselves',
    (options, expected) => {
      const first = ({ parameters }: Layer) => parameters.map(({ initialiser }) => initialiser);
      expect(first(dense(3, 2, options))).toEqual(expected);
      expect(first(conv2d(3, 2, { kernel: 2, ...options }))).toEqual(expected);
    },
  );

  it('takes rows of as many numbers, and asks for flatten where an image has as many', () => {
    expect(dense(12, 5).outputShape([12])).toEqual([5]);
    expect(() => dense(12, 5).outputShape([3, 2, 2])).toThrow(/Got "3x2x2".*flatten\(\)/);
  });

  it.each([
    [0, 1],
    [1, 0],
    [1.5, 1],
    [1, Number.NaN],
    [-1, 1],
  ])('from %p to %p units is refused', (inputs, outputs) => {
    expect(() => dense(inputs, outputs)).toThrow(InputError);
  });
});
