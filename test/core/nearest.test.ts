import fc from 'fast-check';
import { didYouMean } from '../../src/core/nearest';

const optimizers = ['sgd', 'adam', 'nesterov', 'heavyBall'];

describe('"did you mean" suggests', () => {
  it.each([
    ['adm', 'adam'],
    ['Nesterov', 'nesterov'],
    ['nestorv', 'nesterov'],
    ['heavyball', 'heavyBall'],
    ['HEAVYBALL', 'heavyBall'],
    ['sdg', 'sgd'],
  ])('for %p the name %p', (typed, meant) => {
    expect(didYouMean(typed, optimizers)).toBe(`Did you mean "${meant}"?`);
  });

  it('the very name where only capitals differ', () => {
    expect(didYouMean('abc', ['abd', 'ABC'])).toBe('Did you mean "ABC"?');
  });

  it('only names that are legal', () => {
    const names = fc.array(fc.string({ minLength: 1 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.string(), names, (typed, legal) => {
        const advice = didYouMean(typed, legal);
        if (advice !== undefined) expect(legal.map((name) => `Did you mean "${name}"?`)).toContain(advice);
      }),
    );
  });
});

describe('"did you mean" is silent', () => {
  it('where nothing is near', () => {
    expect(didYouMean('stochastic-weight-averaging', optimizers)).toBeUndefined();
  });

  it('where no letter is shared, however short the names', () => {
    expect(didYouMean('x', ['a', 'bc'])).toBeUndefined();
  });

  it('where nothing is legal', () => {
    expect(didYouMean('adam', [])).toBeUndefined();
  });

  it('where nothing was typed', () => {
    expect(didYouMean('', ['a', 'ab'])).toBeUndefined();
  });
});
