import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { crossEntropy, mse } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { complexSynapse } from '../../src/synapse/model';

const options = { synapse: complexSynapse };
const widths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 });

describe('a multi-layer perceptron', () => {
  it('of 13, 20 and 1 units has 301 parameters', () => {
    expect(mlp([13, 20, 1], options).size).toBe(301);
  });

  it('has a weight from each unit to each of the next layer, and a bias for each of those', () => {
    fc.assert(
      fc.property(widths, (given) => {
        const expected = given.slice(1).reduce((sum, width, i) => sum + width * (given[i]! + 1), 0);
        expect(mlp(given, options).size).toBe(expected);
      }),
    );
  });

  it('has its activation between the layers and none behind the last one', () => {
    const kinds = (activation?: 'tanh' | 'relu') =>
      mlp([3, 4, 4, 2], { ...options, activation }).layers.map(({ kind }) => kind);
    expect(kinds('relu')).toEqual(['dense', 'relu', 'dense', 'relu', 'dense']);
    expect(kinds()).toEqual(['dense', 'tanh', 'dense', 'tanh', 'dense']);
  });

  it('of two widths is one linear layer', () => {
    expect(mlp([3, 2], options).layers.map(({ kind }) => kind)).toEqual(['dense']);
  });

  it('takes and gives samples of its first and last width', () => {
    const { inputShape, outputShape, shapes } = mlp([3, 4, 2], options);
    expect([inputShape, outputShape]).toEqual([[3], [2]]);
    expect(shapes).toEqual([[3], [4], [4], [2]]);
  });

  it('learns by mse unless told otherwise', () => {
    expect(mlp([1, 1], options).loss).toBe(mse);
    expect(mlp([1, 2], { ...options, loss: crossEntropy }).loss).toBe(crossEntropy);
  });

  it('draws every parameter by the initialiser given', () => {
    const { blocks } = mlp([3, 4, 2], { ...options, initialiser: 'zeros' });
    expect(blocks.map(({ spec }) => spec.initialiser)).toEqual(['zeros', 'zeros', 'zeros', 'zeros']);
  });
});

describe('a multi-layer perceptron is refused', () => {
  it.each([[[]], [[13]]])('with the widths %p, which are too few', (given) => {
    expect(() => mlp(given, options)).toThrow(InputError);
    expect(() => mlp(given, options)).toThrow(/widths of mlp must have 2 or more entries/);
  });

  it.each([[[0, 1]], [[3, 0, 1]], [[3, 2.5]], [[3, -2, 1]], [[Number.NaN, 1]]])(
    'with the widths %p',
    (given) => {
      expect(() => mlp(given, options)).toThrow(InputError);
    },
  );

  it('with an activation that is not there, naming the nearest', () => {
    const activation = 'thanh' as 'tanh';
    expect(() => mlp([3, 2, 1], { ...options, activation })).toThrow(InputError);
    expect(() => mlp([3, 2, 1], { ...options, activation })).toThrow(
      /Got "thanh"\. Legal: tanh, relu\. Did you mean "tanh"\?/,
    );
  });
});
