import { parseSeeds } from '../../../src/study/plan/parse-seeds';

describe('seeds', () => {
  test.each([
    ['7', [7]],
    ['1..4', [1, 2, 3, 4]],
    ['1,2,5', [1, 2, 5]],
    ['5, 0..2', [5, 0, 1, 2]],
    ['3..3', [3]],
  ])('%s are %j', (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  test.each([
    ['10..1', /runs backwards.*Did you mean 1\.\.10\?/],
    ['1,2,1', /Seed 1 .* comes twice/],
    ['1..3,2', /Seed 2 .* comes twice/],
    ['', /are not legal/],
    ['1,', /are not legal/],
    ['-1', /are not legal/],
    ['1.5', /are not legal/],
    ['1...3', /are not legal/],
    ['1..1e6', /are not legal/],
    ['0..1000000', /too many trials/],
    ['9007199254740993', /are not legal/],
  ])('%s are refused, with why', (text, why) => {
    expect(() => parseSeeds(text)).toThrow(why);
  });
});
