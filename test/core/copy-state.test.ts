import fc from 'fast-check';
import { arrayBytes, copyState } from '../../src/core/copy-state';

const state = () => ({
  phi: Float64Array.of(1, Number.NaN, -0),
  steps: [1, 2, { buffer: Float32Array.of(0.5) }],
  ...{ note: 'x', none: null, left: undefined },
});

test('a copy is equal, bit by bit, and shares nothing', () => {
  const given = state();
  const copy = copyState(given);
  expect(copy).toStrictEqual(given);
  given.phi[0] = 9;
  (given.steps[2] as { buffer: Float32Array }).buffer[0] = 9;
  given.steps.push(3);
  expect(copy).toStrictEqual(state());
});

test('whatever an earlier copy held, the copy is of the state', () => {
  const trees = fc.letrec((tie) => ({
    tree: fc.oneof(
      fc.float64Array({ maxLength: 3 }),
      fc.int32Array({ maxLength: 3 }),
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('tree'), { maxKeys: 2 }),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  })).tree;
  fc.assert(
    fc.property(trees, trees, (given, before) => {
      expect(copyState(given, copyState(before))).toEqual(given);
    }),
  );
});

test('arrays of an earlier copy are written anew where type and length are the same, and never those of the state itself', () => {
  const given = state();
  const earlier = copyState(given);
  given.phi[0] = 2;
  const again = copyState(given, earlier);
  expect(again.phi).toBe(earlier.phi);
  expect(again.phi[0]).toBe(2);
  expect(copyState(given, given).phi).not.toBe(given.phi);
  expect(copyState({ phi: new Float64Array(4) }, earlier).phi).not.toBe(earlier.phi);
  expect(copyState({ phi: new Float32Array(3) }, earlier).phi).toBeInstanceOf(Float32Array);
});

test('the bytes of a state are those of its arrays', () => {
  expect(arrayBytes(state())).toBe(3 * 8 + 3 * 8 + 4);
});
