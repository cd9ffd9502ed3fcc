import fc from 'fast-check';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { lambdaSgdRule } from '../../src/synapse/rules/implicit-sgd';
import {
  anchorRule,
  consolidatePathRule,
  consolidateSquaresRule,
  pathIntegralRule,
  squaredGradientRule,
} from '../../src/synapse/rules/importance';

const executor = plainExecutor();
const of = (...values: number[]) => Float64Array.from(values);

test('importance by squares, of two tasks by hand', () => {
  const synapses = { value: of(1, -2), omega: of(0, 0), importance: of(0, 0), squares: of(0, 0) };
  // Two images: gradients 2 and 4 of the first synapse, 0 and -1 of the second.
  for (const gradient of [of(2, 0), of(4, -1)])
    executor.run(squaredGradientRule, { ...synapses, gradient }, { share: 1 / 2 });
  expect(synapses.squares).toEqual(of(10, 0.5));
  executor.run(consolidateSquaresRule, synapses, { strength: 3 });
  expect(synapses).toEqual({
    value: of(1, -2),
    omega: of(1, -2),
    importance: of(30, 1.5),
    squares: of(0, 0),
  });
  executor.run(squaredGradientRule, { ...synapses, gradient: of(1, 1) }, { share: 1 });
  executor.run(consolidateSquaresRule, synapses, { strength: 3 });
  expect(synapses.importance).toEqual(of(33, 4.5));
});

test('importance by paths, of two steps by hand', () => {
  const synapses = { value: of(1, 1), omega: of(1, 1), importance: of(0, 0), path: of(0, 0) };
  // The loss (value - 3)^2 / 2 of the first synapse, at rate 1/2: 1 -> 2 -> 2.5. The second one goes nowhere.
  executor.run(pathIntegralRule, { ...synapses, gradient: of(-2, 0) }, { rate: 0.5 });
  executor.run(pathIntegralRule, { ...synapses, gradient: of(-1, 0) }, { rate: 0.5 });
  expect(synapses.value).toEqual(of(2.5, 1));
  expect(synapses.path).toEqual(of(2 * 1 + 1 * 0.5, 0));
  executor.run(consolidatePathRule, synapses, { strength: 2, damping: 0.25 });
  expect(synapses).toEqual({
    value: of(2.5, 1),
    omega: of(2.5, 1),
    importance: of((2 * 2.5) / (1.5 ** 2 + 0.25), 0),
    path: of(0, 0),
  });
});

test('a path is that of the data alone, whatever the penalty pulls', () => {
  // Held with strength 4 to 1, at 2, the data's gradient being -1: together 3.
  const synapses = { value: of(2), omega: of(1), importance: of(4), path: of(0) };
  executor.run(pathIntegralRule, { ...synapses, gradient: of(3) }, { rate: 0.25 });
  expect(synapses.value[0]).toBeCloseTo(2 - 0.375, 14);
  expect(synapses.path[0]).toBeCloseTo(-1 * 0.375, 14);
  executor.run(consolidatePathRule, synapses, { strength: 1, damping: 0.1 });
  // What has raised the loss counts for nothing.
  expect(synapses.importance[0]).toBe(4);
});

test('the implicit step solves the equation of the step with the pull at its end, for any strength', () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(
      ...([number(-2, 2), number(-2, 2), number(-2, 2), number(0, 1e6), number(0.001, 1)] as const),
      (value, anchor, ofData, strength, rate) => {
        const synapses = { value: of(value), lambda: of(strength) };
        const gradient = of(ofData + strength * (value - anchor));
        executor.run(lambdaSgdRule, { ...synapses, gradient }, { rate });
        const next = synapses.value[0]!;
        const residual = next - value + rate * (ofData + strength * (next - anchor));
        expect(Math.abs(residual)).toBeLessThan(1e-13 * (10 + rate * strength * 10));
      },
    ),
  );
});

test('an anchor is what was learned', () => {
  const synapses = { value: of(1, 2), omega: of(3, 4) };
  executor.run(anchorRule, synapses);
  expect(synapses.omega).toEqual(of(1, 2));
});
