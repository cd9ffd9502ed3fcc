import fc from 'fast-check';
import { changedWords, creditWords } from '../../src/network/credit/credit-words';
import { creditNamed } from '../../src/network/credit/credits';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { defineRule } from '../../src/synapse/rule';

const options = fc.record({
  nudge: fc.double({ min: 1e-6, max: 2, noNaN: true }),
  sweeps: fc.integer({ min: 1, max: 5000 }),
  dt: fc.option(fc.double({ min: 1e-3, max: 1, noNaN: true })),
  order: fc.constantFrom('top-down' as const, 'synchronous' as const),
});

describe('the words for a source of credit', () => {
  it('make it again', () => {
    fc.assert(
      fc.property(options, (given) => {
        const credit = equilibriumPropagation(given);
        const { surrogate: _, ...again } = creditNamed(creditWords(credit)!);
        expect(again).toEqual(expect.objectContaining({ kind: 'equilibrium', ...given }));
      }),
    );
  });

  it('leave defaults out', () => {
    expect(creditWords(creditNamed('dual:nudge=0.1:sweeps=2'))).toBe('dual');
    expect(creditWords(creditNamed('equilibrium:sweeps=60:nudge=0.01'))).toBe('equilibrium:sweeps=60');
    expect(creditWords(creditNamed('backprop'))).toBe('backprop');
  });

  it('are none where its rule, or the source, has no name', () => {
    const rule = defineRule('other', {
      gradient: function other(gradient: number[], pre: number[]) {
        return gradient[this.thread.x]! - pre[this.thread.x]!;
      },
    });
    expect(creditWords(equilibriumPropagation({ rule }))).toBeNull();
    expect(creditWords({ ...creditNamed('dual'), kind: 'duel' })).toBeNull();
  });

  it('can be changed, where the source has such a setting', () => {
    expect(changedWords('equilibrium:nudge=0.05:sweeps=40', { sweeps: 80, dt: null })).toBe(
      'equilibrium:nudge=0.05:sweeps=80',
    );
    expect(changedWords('dual', { nudge: 0.01 })).toBe('dual:nudge=0.01');
    expect(changedWords('dual', { dt: null })).toBeNull();
    expect(changedWords('dual', { nudge: -1 })).toBeNull();
  });
});

it('a source has a surrogate loss by its own rule alone', () => {
  const rule = defineRule('doubled', {
    gradient: function doubled(gradient: number[], errorNudged: number[]) {
      return gradient[this.thread.x]! - 2 * errorNudged[this.thread.x]!;
    },
  });
  expect(equilibriumPropagation({ rule }).surrogate).toBeUndefined();
  const { order, settled } = creditNamed('equilibrium:dt=0.1:order=synchronous').surrogate!;
  expect(order).toBe(1);
  expect(settled(0.02, 300)).toMatchObject({ nudge: 0.02, sweeps: 300, dt: null, order: 'top-down' });
  expect(creditNamed('feedback-alignment').surrogate).toBeUndefined();
});
