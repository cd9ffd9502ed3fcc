import { InputError } from '../../src/core/errors';
import { MetaUpdate } from '../../src/learning/meta-update';
import { adam, sgd } from '../../src/learning/optimizers';
import { halving, linearDecay, scheduled } from '../../src/learning/rate-schedule';
import { plainExecutor } from '../../src/synapse/plain-executor';

const rates = (schedule: (step: number) => number, steps: number[]) => steps.map(schedule);

describe('a schedule of the rate', () => {
  it('halves it after every so many steps', () => {
    expect(rates(halving(3), [1, 3, 4, 6, 7])).toEqual([1, 1, 0.5, 0.5, 0.25]);
  });

  it('lets it fall along a line to the last step, and never to 0', () => {
    expect(rates(linearDecay(4), [1, 2, 3, 4, 5, 9])).toEqual([1, 0.75, 0.5, 0.25, 0.25, 0.25]);
  });

  it('changes the rate of an optimiser and nothing else of it', () => {
    const optimizer = scheduled(adam({ rate: 0.1 }), halving(1));
    expect(optimizer.scalarsAt(3)).toEqual({ ...adam({ rate: 0.1 }).scalarsAt(3), rate: 0.1 / 4 });
    expect(optimizer.withRate!(0.2).scalarsAt(2).rate).toBe(0.1);
  });

  it('is refused where there is no rate, or no factor above 0', () => {
    const none = { ...sgd({ rate: 1 }), scalarsAt: () => ({}) };
    expect(() => scheduled(none, halving(1)).scalarsAt(1)).toThrow(InputError);
    expect(() => scheduled(sgd({ rate: 1 }), () => 0).scalarsAt(1)).toThrow(/no factor at step 1/);
    expect(() => halving(0)).toThrow(InputError);
  });
});

describe('the average of what is learned', () => {
  const settings = { optimizer: sgd({ rate: 1 }), averageAfter: 2 };
  const update = () => new MetaUpdate({ omega: new Float64Array(2) }, [], settings);
  const gradient = { omega: Float64Array.of(-1, -10) };

  it('is the mean over all meta-steps behind the one that is named, and leaves learning as it was', () => {
    const [averaged, plain] = [
      update(),
      new MetaUpdate({ omega: new Float64Array(2) }, [], { optimizer: sgd({ rate: 1 }) }),
    ];
    const [a, b] = [{ omega: new Float64Array(2) }, { omega: new Float64Array(2) }];
    for (let step = 1; step <= 5; step++) {
      averaged.apply(a, gradient, plainExecutor());
      plain.apply(b, gradient, plainExecutor());
      const mean = averaged.save().averages?.omega;
      // omega is (step, 10 step): means of 3; 3, 4; 3, 4, 5.
      expect(mean === undefined ? null : [...mean]).toEqual(
        step <= 2 ? null : [(3 + step) / 2, (30 + 10 * step) / 2],
      );
    }
    expect(a).toEqual(b);
  });

  it('goes on from what was saved', () => {
    const slow = { omega: new Float64Array(2) };
    const first = update();
    for (let step = 1; step <= 3; step++) first.apply(slow, gradient, plainExecutor());
    const second = update();
    second.restore(first.save());
    second.apply(slow, gradient, plainExecutor());
    expect([...second.save().averages!.omega!]).toEqual([3.5, 35]);
    expect(() => second.restore({ ...first.save(), averages: { omega: new Float64Array(1) } })).toThrow(
      InputError,
    );
  });
});
