import fc from 'fast-check';
import { allFinite, finite, ofLength, positive, wholeNumber, within } from '../../src/core/checks';
import { InputError } from '../../src/core/errors';

const notFinite = fc.constantFrom(Number.NaN, Infinity, -Infinity);
const finiteNumber = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('a check returns the value it was given where it is', () => {
  it('finite', () => {
    fc.assert(fc.property(finiteNumber, (value) => expect(finite('x', value)).toBe(value)));
  });

  it('above 0', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }), (value) =>
        expect(positive('x', value)).toBe(value),
      ),
    );
  });

  it('within a range, ends included', () => {
    expect([within('x', -1, -1, 2), within('x', 2, -1, 2), within('x', 0.5, -1, 2)]).toEqual([-1, 2, 0.5]);
  });

  it('a whole number', () => {
    expect([wholeNumber('x', 0), wholeNumber('x', 7, 7)]).toEqual([0, 7]);
  });
});

describe('a check refuses', () => {
  it('NaN and infinities wherever a number is asked for', () => {
    fc.assert(
      fc.property(notFinite, (value) => {
        for (const check of [finite, positive, wholeNumber]) {
          expect(() => check('rate', value)).toThrow(InputError);
        }
        expect(() => within('rate', value, 0, 1)).toThrow(InputError);
      }),
    );
  });

  it.each(['1', null, undefined, {}, true, [1]])('%p where a number is asked for', (value) => {
    for (const check of [finite, positive, wholeNumber]) {
      expect(() => check('rate', value as unknown as number)).toThrow(InputError);
    }
  });

  it.each<[string, () => unknown, RegExp]>([
    ['0 as a positive number', () => positive('rate', 0), /rate must be above 0\. Got 0\. Legal: rate > 0/],
    ['a negative zero as a positive number', () => positive('rate', -0), /above 0/],
    [
      'a value below its range',
      () => within('beta', -1, 0, 1),
      /beta is out of range\. Got -1\. Legal: 0 to 1/,
    ],
    ['a value above its range', () => within('beta', 1.5, 0, 1), /beta is out of range/],
    [
      'a fraction as a whole number',
      () => wholeNumber('steps', 1.5),
      /steps must be a whole number\. Got 1\.5/,
    ],
    ['too small a whole number', () => wholeNumber('steps', 0, 1), /Got 0\. Legal: 1, 2, \.\.\./],
    ['a whole number that a double cannot count to', () => wholeNumber('steps', 2 ** 53), /whole number/],
    ['an array that is too short', () => ofLength('phi', [1], 2), /phi .*length\. Got 1\. Legal: 2 values/],
    ['an array with NaN, by its index', () => allFinite('x', [1, Number.NaN]), /x\[1\] .*finite.*Got NaN/],
    ['an array with a hole', () => allFinite('x', [1, undefined as unknown as number]), /x\[1\]/],
  ])('%s', (_, check, message) => {
    expect(check).toThrow(InputError);
    expect(check).toThrow(message);
  });
});
