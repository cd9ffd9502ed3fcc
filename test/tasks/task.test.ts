import { InputError } from '../../src/core/errors';
import { makeTask } from '../../src/tasks/task';
import { randomSamples } from './samples';

const train = randomSamples(4, 3, 'train');
const heldOut = randomSamples(2, 3, 'held-out');

describe('a task', () => {
  it('comes back from its check as it is', () => {
    const task = { name: 'a', train, heldOut };
    expect(makeTask(task)).toBe(task);
  });

  const nan = { ...heldOut, y: Float64Array.of(1, Number.NaN) };
  it.each([
    [
      'training set',
      { train: { ...train, x: train.x.subarray(1) }, heldOut },
      /a: training set\.x .*wrong length/,
    ],
    ['held-out set', { train, heldOut: nan }, /a: held-out set\.y\[1\] must be a finite number/],
    [
      'inputs of the held-out set',
      { train, heldOut: randomSamples(6, 1, 'x') },
      /"a" differ.*Legal: 3 and 1/,
    ],
  ])('is refused for its %s', (_, sets, message) => {
    expect(() => makeTask({ name: 'a', ...sets })).toThrow(InputError);
    expect(() => makeTask({ name: 'a', ...sets })).toThrow(message);
  });
});
