import { boston, bostonFeatures, bostonTarget } from '../../src/data/boston';

/** Mean and standard deviation (divided by 505) of each column, as the literature prints them. */
const published: Record<string, [mean: number, deviation: number]> = {
  crim: [3.613524, 8.601545],
  zn: [11.363636, 23.322453],
  indus: [11.136779, 6.860353],
  chas: [0.06917, 0.253994],
  nox: [0.554695, 0.115878],
  rm: [6.284634, 0.702617],
  age: [68.574901, 28.148861],
  dis: [3.795043, 2.10571],
  rad: [9.549407, 8.707259],
  tax: [408.237154, 168.537116],
  ptratio: [18.455534, 2.164946],
  b: [356.674032, 91.294864],
  lstat: [12.653063, 7.141062],
  medv: [22.532806, 9.197104],
};

const column = (values: Float64Array, columns: number, index: number): Float64Array =>
  values.filter((_, i) => i % columns === index);

describe('Boston housing', () => {
  const { samples, inputs, targets, x, y } = boston();

  it('has 506 samples of 13 inputs and one target', () => {
    expect([samples, inputs, targets, x.length, y.length]).toEqual([506, 13, 1, 6578, 506]);
  });

  it.each([...bostonFeatures, bostonTarget])('has the published mean and deviation of %s', (name) => {
    const index = bostonFeatures.indexOf(name as (typeof bostonFeatures)[number]);
    const values = index < 0 ? y : column(x, 13, index);
    const mean = values.reduce((sum, value) => sum + value, 0) / 506;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 505;
    const [expectedMean, expectedDeviation] = published[name]!;
    // The published numbers are rounded to six decimals.
    expect(Math.abs(mean - expectedMean)).toBeLessThan(6e-7);
    expect(Math.abs(Math.sqrt(variance) - expectedDeviation)).toBeLessThan(6e-7);
  });

  it('starts with the published first tract', () => {
    expect([...x.subarray(0, 13)]).toEqual([
      0.00632, 18, 2.31, 0, 0.538, 6.575, 65.2, 4.09, 1, 296, 15.3, 396.9, 4.98,
    ]);
    expect(y[0]).toBe(24);
  });

  it('has 35 tracts on the river and 16 at the cap of 50000 dollars', () => {
    expect(column(x, 13, 3).reduce((sum, value) => sum + value, 0)).toBe(35);
    expect(y.filter((value) => value === 50)).toHaveLength(16);
  });

  it('is made anew for each caller', () => {
    boston().x.fill(0);
    expect(boston().x[1]).toBe(18);
  });
});
