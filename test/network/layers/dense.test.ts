import { InputError } from '../../../src/core/errors';
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

  it('takes any input of as many numbers, whatever its axes', () => {
    expect(dense(12, 5).outputShape([3, 2, 2])).toEqual([5]);
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
