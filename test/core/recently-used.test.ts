import { RecentlyUsed } from '../../src/core/recently-used';

describe('a store of what was used last', () => {
  const filled = () => {
    const store = new RecentlyUsed<string, number>(2);
    store.set('a', 1);
    store.set('b', 2);
    return store;
  };

  it('gives what it was given, and nothing for what it does not know', () => {
    expect([filled().get('a'), filled().get('b'), filled().get('c')]).toEqual([1, 2, undefined]);
  });

  it('drops what was used longest ago once there is too much, and hands it back', () => {
    const store = filled();
    expect(store.set('c', 3)).toBe(1);
    expect([store.get('a'), store.get('b'), store.get('c')]).toEqual([undefined, 2, 3]);
  });

  it('counts looking something up as a use of it', () => {
    const store = filled();
    store.get('a');
    expect(store.set('c', 3)).toBe(2);
    expect(store.get('a')).toBe(1);
  });

  it('drops nothing while there is room', () => {
    expect(new RecentlyUsed<string, number>(1).set('a', 1)).toBeUndefined();
  });

  it('gives up its oldest when it is full, before another comes', () => {
    const store = filled();
    expect(store.takeOldestIfFull()).toBe(1);
    expect(store.takeOldestIfFull()).toBeUndefined();
    expect([store.get('a'), store.get('b')]).toEqual([undefined, 2]);
  });

  it('forgets everything when it is cleared', () => {
    const store = filled();
    store.clear();
    expect([store.get('a'), store.get('b')]).toEqual([undefined, undefined]);
  });
});
