import { LeaseWatch } from '../../../src/study/claims/lease-watch';

describe('a lease', () => {
  let now = 0;
  const watch = () => {
    now = 5e9; // a clock that tells no time of day
    return new LeaseWatch(60_000, 1000, () => now);
  };
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };

  test('is over when no change was seen for as long as it lasts', () => {
    const leases = watch();
    expect(leases.look('1.1', 'beat 0')).toEqual({ isExpired: false, isAlive: false });
    for (let i = 0; i < 59; i++) {
      pass(1);
      expect(leases.look('1.1', 'beat 0').isExpired).toBe(false);
    }
    pass(1);
    expect(leases.look('1.1', 'beat 0')).toEqual({ isExpired: true, isAlive: false });
  });

  test('begins anew with every change, to whatever', () => {
    const leases = watch();
    leases.look('1.1', '');
    for (let i = 0; i < 200; i++) {
      pass(1);
      expect(leases.look('1.1', `beat ${Math.floor(i / 50)}`).isExpired).toBe(false);
    }
    expect(leases.look('1.1', 'beat 3').isAlive).toBe(true);
  });

  test('does not run while nobody looks, as where the machine of watcher and owner slept', () => {
    const leases = watch();
    leases.look('1.1', 'beat 0');
    pass(8 * 3600);
    expect(leases.look('1.1', 'beat 0').isExpired).toBe(false);
    pass(8 * 3600);
    expect(leases.look('1.1', 'beat 1')).toEqual({ isExpired: false, isAlive: true });
  });

  test('of one attempt says nothing of another', () => {
    const leases = watch();
    leases.look('1.1', 'beat 0');
    for (let i = 0; i < 70; i++) {
      pass(1);
      leases.look('1.1', 'beat 0');
    }
    expect(leases.look('1.2', 'beat 0').isExpired).toBe(false);
  });
});
