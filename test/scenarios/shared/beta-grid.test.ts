import { betaGrid, decades } from '../../../scenarios/shared/beta-grid';

describe('a grid of nudging strengths', () => {
  it('is evenly spread over orders of magnitude, both ends included', () => {
    const betas = betaGrid({ from: -3, to: 1, perDecade: 5 });
    expect(betas).toHaveLength(21);
    for (let i = 1; i < betas.length; i++) {
      expect(Math.abs(Math.log10(betas[i]! / betas[i - 1]!) - 1 / 5)).toBeLessThan(1e-14); // 15 digits are kept
    }
  });

  it('holds its powers of ten as they are typed, so that they can be found in it', () => {
    const grid = { from: -8, to: 3, perDecade: 7 };
    expect(decades(grid)).toEqual([1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000]);
    expect(betaGrid(grid)).toEqual(expect.arrayContaining(decades(grid)));
  });
});
