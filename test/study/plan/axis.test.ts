import fc from 'fast-check';
import { parseAxis } from '../../../src/study/plan/axis';

const valuesOf = (text: string): readonly unknown[] => {
  const axis = parseAxis(text);
  if (!('values' in axis)) throw new Error('no values');
  return axis.values;
};

describe('what a setting is swept over', () => {
  test.each<[string, unknown[]]>([
    ['beta=0.03,0.1,0.3', [0.03, 0.1, 0.3]],
    ['beta=0', [0]],
    ['flag=true,false,null', [true, false, null]],
    ['word=,a', ['', 'a']],
    ['method=contrastive,maml', ['contrastive', 'maml']],
    ['method="contrastive,maml",all', ['contrastive,maml', 'all']],
    ['hidden=[20],[20,20]', [[20], [20, 20]]],
    ['x="a\\"b,c"', ['a"b,c']],
    ['n=1,1.5,"1"', [1, 1.5, '1']],
    ['lambda=log(1e-3..1,7)', [0.001, 0.00316227766017, 0.01, 0.0316227766017, 0.1, 0.316227766017, 1]],
    ['lambda=log(1e-2..1,3)', [0.01, 0.1, 1]],
    ['beta=lin(0..1,5)', [0, 0.25, 0.5, 0.75, 1]],
    ['beta=lin( -0.3..0.3 , 3 )', [-0.3, 0, 0.3]],
    ['beta=lin(0..0.3,4)', [0, 0.1, 0.2, 0.3]],
  ])('%s', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test('may be a distribution', () => {
    expect(parseAxis('a.b=uniform(-1..1)')).toEqual({
      path: 'a.b',
      kind: 'uniform',
      low: -1,
      high: 1,
      as: 'uniform(-1..1)',
    });
    expect(parseAxis('rate=loguniform(1e-4..1e-1)')).toMatchObject({
      kind: 'loguniform',
      low: 1e-4,
      high: 0.1,
    });
  });

  test.each([
    ['beta', /needs a setting and its values/],
    ['=1', /needs a setting and its values/],
    ['beta=0.1,0.3,0.1', /to take a value twice.*Got 0\.1/],
    ['beta=0.1,1e-1', /to take a value twice/],
    ['beta=log(0..1,5)', /no logarithm at 0.*list them/],
    ['beta=log(-1..1,5)', /no logarithm at -1/],
    ['beta=loguniform(0..1)', /no logarithm at 0/],
    ['beta=log(1..1e-3,5)', /runs backwards.*Did you mean 1e-3\.\.1\?/],
    ['beta=uniform(1..0)', /runs backwards/],
    ['beta=lin(1..1,3)', /is one number/],
    ['beta=lin(0..1,1)', /needs how many values.*Give one value as it is/],
    ['beta=lin(0..1)', /needs how many values.*lin\(LOW\.\.HIGH,COUNT\)/],
    ['beta=lin(0..1,2.5)', /needs how many values/],
    ['beta=lin(0..1,1000001)', /2 to 100000/],
    ['beta=log(1e-3-1,5)', /needs a range of finite numbers/],
    ['beta=lin(0..1e999,5)', /needs a range of finite numbers/],
    ['beta=lin(0..5e-324,5)', /no 5 numbers that differ/],
    ['beta=logunifrom(0.1..1)', /no such form.*Did you mean "loguniform"\?/],
  ])('%s is refused, with why', (text, why) => {
    expect(() => parseAxis(text)).toThrow(why);
  });

  test('grids hold both ends as they are, rise, and keep distance or ratio to 11 digits', () => {
    const number = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 3, max: 40 }),
        fc.constantFrom('lin', 'log'),
        (a, b, count, form) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          fc.pre(high > low * 1.001);
          const values = valuesOf(`x=${form}(${low}..${high},${count})`) as number[];
          expect(values).toHaveLength(count);
          expect([values[0], values.at(-1)]).toEqual([low, high]);
          values.forEach((value, i) => {
            const part = i / (count - 1);
            const exact = form === 'lin' ? low + (high - low) * part : low * (high / low) ** part;
            expect(Math.abs(value / exact - 1)).toBeLessThan(1e-11); // rounded to 12 digits
          });
        },
      ),
    );
  });

  test('values of a list are read back from JSON as they were, whatever they are', () => {
    // JSON.stringify loses the sign of -0, as the plan does.
    const value = fc
      .jsonValue()
      .filter((each) => !Object.is(each, -0) && !JSON.stringify(each).includes('-0'));
    fc.assert(
      fc.property(
        fc.uniqueArray(value, { minLength: 1, maxLength: 5, selector: (each) => JSON.stringify(each) }),
        (values) => {
          expect(valuesOf(`x=${values.map((each) => JSON.stringify(each)).join(',')}`)).toEqual(values);
        },
      ),
    );
  });
});
