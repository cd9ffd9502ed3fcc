import fc from 'fast-check';
import { InputError, MetaplastError } from '../../src/core/errors';
import { contrast } from '../../src/learning/contrast';
import { forward, symmetric } from '../../src/learning/estimators';
import { type MetaSettings, MetaUpdate } from '../../src/learning/meta-update';
import { adam, sgd } from '../../src/learning/optimizers';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { Population } from '../../src/synapse/population';

const executor = plainExecutor();
const size = 3;
function population(lambda = [0.5, 1, 2]): Population {
  const all = new Population(complexSynapse, {
    size,
    connection: (index) => ({ layer: 0, parameter: 'weight', from: index, to: 0 }),
  });
  all.set('lambda', lambda);
  return all;
}
const gradients = (omega: number[], lambda: number[]) => ({
  omega: Float64Array.from(omega),
  lambda: Float64Array.from(lambda),
});
const valuesOf = (all: Population) =>
  Object.fromEntries(all.variables.map((name) => [name, [...all.values(name)]]));
const slowOf = (all: Population) => ({ omega: all.values('omega'), lambda: all.values('lambda') });
const update = (settings: MetaSettings) =>
  new MetaUpdate(slowOf(population()), complexSynapse.nonNegative, settings);

describe('a meta-step', () => {
  it('moves the slow variables down their gradients, and leaves the gradients and phi alone', () => {
    const all = population();
    const given = gradients([1, 2, 3], [0.1, 0.2, 0.3]);
    update({ optimizer: sgd({ rate: 0.5 }) }).apply(slowOf(all), given, executor);
    expect(valuesOf(all)).toEqual({
      phi: [0, 0, 0],
      omega: [-0.5, -1, -1.5],
      lambda: [0.5 - 0.05, 1 - 0.1, 2 - 0.15],
    });
    expect(given).toEqual(gradients([1, 2, 3], [0.1, 0.2, 0.3]));
  });

  it('keeps lambda at 0 or above by projection, whatever the gradient', () => {
    const entry = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const row = fc.array(entry, { minLength: size, maxLength: size });
    fc.assert(
      fc.property(
        row,
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (omega, steps, withAdam) => {
          const all = population();
          const meta = update({ optimizer: withAdam ? adam({ rate: 1 }) : sgd({ rate: 1 }) });
          for (const lambda of steps) {
            meta.apply(slowOf(all), gradients(omega, lambda), executor);
            expect(Math.min(...all.values('lambda'))).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('keeps lambda above 0 by its logarithm: lambda <- lambda exp(-rate lambda gradient)', () => {
    const all = population();
    const meta = update({ optimizer: sgd({ rate: 0.5 }), logarithmic: ['lambda'] });
    meta.apply(slowOf(all), gradients([0, 0, 0], [10, -1, 0]), executor);
    // One rounding of the logarithm and one of exp, of numbers near 1.
    expect(all.values('lambda')[0]).toBeCloseTo(0.5 * Math.exp(-0.5 * 0.5 * 10), 14);
    expect(all.values('lambda')[1]).toBeCloseTo(1 * Math.exp(0.5), 14);
    expect(all.values('lambda')[2]).toBeCloseTo(2, 14);
  });

  it('changes only what is to be learned', () => {
    const all = population();
    update({ optimizer: sgd({ rate: 1 }), learn: ['lambda'] }).apply(
      slowOf(all),
      gradients([1, 1, 1], [0.1, 0.1, 0.1]),
      executor,
    );
    expect([...all.values('omega')]).toEqual([0, 0, 0]);
    expect(all.values('lambda')[0]).toBe(0.4);
  });

  it('goes on after save and restore as if nothing had happened, bit by bit', () => {
    const make = () => update({ optimizer: adam({ rate: 0.1 }), logarithmic: ['lambda'] });
    const step = (meta: MetaUpdate, all: Population, i: number) =>
      meta.apply(slowOf(all), gradients([i, 1 / i, -i], [1, -i, i]), executor);
    const [whole, parts] = [population(), population()];
    const [one, before, after] = [make(), make(), make()];
    for (let i = 1; i <= 5; i++) step(one, whole, i);
    for (let i = 1; i <= 2; i++) step(before, parts, i);
    after.restore(before.save());
    step(before, population(), 9); // the saved state is a copy
    for (let i = 3; i <= 5; i++) step(after, parts, i);
    expect(valuesOf(parts)).toEqual(valuesOf(whole));
  });
});

describe('a meta-step that is refused leaves everything as it was', () => {
  it('where a lambda of 0 is to be learned by its logarithm, though omega comes first', () => {
    const all = population([1, 0, 1]);
    const meta = update({ optimizer: adam({ rate: 0.1 }), logarithmic: ['lambda'] });
    const before = [valuesOf(all), meta.save()];
    const step = () => meta.apply(slowOf(all), gradients([1, 1, 1], [1, 1, 1]), executor);
    expect(step).toThrow(InputError);
    expect(step).toThrow(/lambda\[1\] cannot be learned by its logarithm.*Start lambda above 0/);
    expect([valuesOf(all), meta.save()]).toEqual(before);
  });

  it.each<[number, RegExp]>([
    [Number.NaN, /meta-gradient of lambda\[2\] is no finite number/],
    [Number.POSITIVE_INFINITY, /meta-gradient of lambda\[2\] is no finite number/],
    [-1e308, /lambda\[2\] no finite number.*Lower the meta-optimiser's rate/],
  ])('where a gradient of %p leads out of the numbers', (wrong, message) => {
    const all = population();
    const meta = update({ optimizer: sgd({ rate: 100 }) });
    const before = [valuesOf(all), meta.save()];
    const step = () => meta.apply(slowOf(all), gradients([1, 1, 1], [0, 0, wrong]), executor);
    expect(step).toThrow(MetaplastError);
    expect(step).toThrow(message);
    expect([valuesOf(all), meta.save()]).toEqual(before);
  });

  it('at its definition where a variable is unknown', () => {
    expect(() => update({ optimizer: sgd({ rate: 1 }), learn: ['phi'] })).toThrow(
      /Got "phi"\. Legal: omega, lambda/,
    );
    expect(() => update({ optimizer: sgd({ rate: 1 }), logarithmic: ['mu'] })).toThrow(/Got "mu"/);
  });
});

describe('the contrast', () => {
  const slow = { omega: Float64Array.of(0.5), lambda: Float64Array.of(2) };

  it('is Eq. 4, synapse by synapse', () => {
    const equilibria = new Map([
      [0, Float64Array.of(1)],
      [0.5, Float64Array.of(3)],
    ]);
    expect(contrast(complexSynapse, forward(0.5).terms, equilibria, slow, executor)).toEqual({
      omega: Float64Array.of((-2 * (3 - 1)) / 0.5),
      lambda: Float64Array.of((2.5 ** 2 - 0.5 ** 2) / 2 / 0.5),
    });
  });

  it('refuses a phase that has not been run, and names those that have', () => {
    const equilibria = new Map([[0, Float64Array.of(1)]]);
    expect(() => contrast(complexSynapse, symmetric(0.1).terms, equilibria, slow, executor)).toThrow(
      /beta = 0\.1 has not been run.*Legal: 0/,
    );
  });
});
