import { answersFrom, gridRule, judge, quantities } from './dialect-grid';
import { inShaders } from './exactness';
import { runOnHarshDevice } from './harsh-device';

it('a kernel as shading languages get it means what JavaScript says of its text, on a device that does all that WGSL allows', () => {
  const all = quantities();
  for (const { writes, kernel } of gridRule.steps) {
    all[writes] = Float64Array.from(
      runOnHarshDevice(
        kernel,
        kernel.arrays.map((name) => all[name]!),
      ),
    );
  }
  const judged = judge(answersFrom(all), inShaders);
  const wrong = Object.entries(judged).filter(([, of]) => of.wrong.length > 0);
  expect(wrong.map(([name, of]) => [name, of.wrong.length, of.wrong.slice(0, 3)])).toEqual([]);
});
