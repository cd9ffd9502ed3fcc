import { axisDomain } from '../../../src/plot/axes/axis-domain';

const linear = { label: '', scale: 'linear' } as const;
const log = { label: '', scale: 'log' } as const;

describe('the domain of an axis', () => {
  test('is what the axis says', () => {
    expect(axisDomain({ ...linear, domain: [3, 4] }, [0, 10])).toEqual([3, 4]);
  });

  test('reaches 4 % further than the values, of the logarithm where that is shown', () => {
    expect(axisDomain(linear, [0, 100])).toEqual([-4, 104]);
    const [low, high] = axisDomain(log, [1, 1e25]);
    expect(low).toBeCloseTo(0.1, 12); // rounding of a power
    expect(high / 1e26).toBeCloseTo(1, 12);
  });

  test('surrounds a value that is alone, zero too', () => {
    expect(axisDomain(linear, [4, 4])).toEqual([2, 6]);
    expect(axisDomain(linear, [0])).toEqual([-0.5, 0.5]);
    expect(axisDomain(log, [10])).toEqual([10 ** 0.5, 10 ** 1.5]);
  });

  test('holds 0 on a log axis that has one', () => {
    const [low, high] = axisDomain({ ...log, withZero: true }, [0, 99]);
    expect(low).toBeCloseTo(10 ** -0.08 - 1, 12); // rounding of a power
    expect(high).toBeCloseTo(10 ** 2.08 - 1, 9);
  });

  test('is some legal one without values', () => {
    expect(axisDomain(linear, [])).toEqual([0, 1]);
    expect(axisDomain(log, [])).toEqual([1, 10]);
  });
});
