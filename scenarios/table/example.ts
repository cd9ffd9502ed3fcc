import { RandomStream } from '../../src/core/random';
import type { Samples } from '../own-strength/experiment';

/** What is learned where no file is named: 200 flats whose rent follows a formula, with noise. No market was asked. */
export function exampleSamples(): Samples {
  const random = new RandomStream('table', 'example');
  const x: number[] = [];
  const y: number[] = [];
  for (let flat = 0; flat < 200; flat++) {
    const [area, floor, age, noise] = [
      random.uniformBetween(20, 120), // m2
      random.integer(6),
      random.uniformBetween(0, 80), // years
      random.normal(),
    ];
    const [luck, mood] = [random.normal(), random.normal()]; // of no use
    x.push(area, floor, age, luck, mood);
    y.push(200 + 9 * area + 25 * floor - 3 * age + (area > 90 ? 150 : 0) + 60 * noise);
  }
  const batch = { samples: 200, inputs: 5, targets: 1, x: Float64Array.from(x), y: Float64Array.from(y) };
  return {
    batch,
    targets: 'values',
    notes: ['no file was named: the data are an example, made by a formula'],
    checksum: null,
  };
}
