import { profile } from './profile';
import type { StepCall } from './recorded-step';

describe('a profile', () => {
  const order: string[] = [];
  const call = (part: StepCall['part'], name: string): StepCall => ({
    ...{ part, operations: 1, bytes: 4 },
    run: () => order.push(name),
  });
  const calls = [call('products', 'forward'), call('products', 'backward'), call('rule', 'rule')];
  const times = profile({ calls, bytesInUse: 0, close() {} }, 2);

  it('takes the calls of a step in their order, as often as it is told', () => {
    expect(order).toEqual(['forward', 'backward', 'rule', 'forward', 'backward', 'rule']);
  });

  it('gives 0 to a part that the step does not have', () => {
    expect([times.activations, times.loss, times['sums and copies']]).toEqual([0, 0, 0]);
  });
});
