import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { CheckpointError, InputError } from '../../../src/core/errors';
import { decodeState, encodeState } from '../../../src/run/directory/state-codec';

const arrays = fc.oneof(
  fc.float64Array({ maxLength: 5 }),
  fc.float32Array({ maxLength: 5 }),
  fc.int32Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 11 }),
  fc.uint32Array({ maxLength: 5 }),
);
const keys = fc.oneof(
  fc.string(),
  fc.constantFrom('$', '$$', '$$$', '__proto__', 'constructor', 'toJSON', '0', ''),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(null, true, false, -0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, '\ud800'),
    arrays,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const small = () =>
  encodeState({
    step: 3,
    loss: Number.NaN,
    $: ['number', 'NaN'],
    phi: new Float64Array([1, -0, 2.5]),
    name: 'λ',
  });

/** The bytes with the manifest replaced and the checksum made anew. */
function withManifest(text: string): Uint8Array {
  const forged = Buffer.from(encodeState('x'.repeat(text.length - 2)));
  forged.write(text, 34);
  createHash('sha256')
    .update(forged.subarray(0, -32))
    .digest()
    .copy(forged, forged.length - 32);
  return forged;
}

describe('a state', () => {
  test('comes back exactly, whatever tree it is', () => {
    fc.assert(
      fc.property(tree, (state) => {
        expect(isDeepStrictEqual(decodeState(encodeState(state)), state)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('has the same bytes each time it is encoded', () => {
    fc.assert(
      fc.property(tree, (state) => {
        expect(Buffer.from(encodeState(state)).equals(encodeState(structuredClone(state)))).toBe(true);
      }),
    );
  });

  test('keeps the payload bits of a NaN inside an array', () => {
    const bits = new Uint32Array([0x00000001, 0x7ff80abc, 0xdeadbeef, 0xfff00001]);
    const decoded = decodeState(encodeState(new Float64Array(bits.buffer))) as Float64Array;
    expect([...new Uint32Array(decoded.buffer)]).toEqual([...bits]);
  });

  test('keeps only the part that a view shows, and owns it', () => {
    const all = Float64Array.from([0, 1, 2, 3]);
    const decoded = decodeState(encodeState({ part: all.subarray(1, 3) })) as { part: Float64Array };
    expect([...decoded.part]).toEqual([1, 2]);
    expect(decoded.part.buffer.byteLength).toBe(16);
  });

  test('may hold arrays in shared memory', () => {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared[1] = 0.5;
    expect(decodeState(encodeState(shared))).toEqual(Float32Array.from([0, 0.5]));
  });

  test('is read from any alignment', () => {
    const encoded = encodeState({ phi: Float64Array.from([1, 2]) });
    const shifted = new Uint8Array(encoded.length + 3);
    shifted.set(encoded, 3);
    expect(decodeState(shifted.subarray(3))).toEqual({ phi: Float64Array.from([1, 2]) });
  });

  test('keeps the order of keys', () => {
    expect(Object.keys(decodeState(encodeState({ b: 1, a: 2 })) as object)).toEqual(['b', 'a']);
  });

  test('drops a property that is undefined, as an absent one', () => {
    expect(decodeState(encodeState({ a: 1, note: undefined }))).toStrictEqual({ a: 1 });
  });

  test('of ten million numbers takes little more than its own size', () => {
    const phi = new Float64Array(1e7).fill(Math.PI);
    const encoded = encodeState({ phi });
    expect(encoded.length - phi.byteLength).toBeLessThan(200);
    expect((decodeState(encoded) as { phi: Float64Array }).phi[9_999_999]).toBe(Math.PI);
  });

  test('puts every array at a multiple of eight bytes, little-endian', () => {
    const encoded = Buffer.from(encodeState([new Uint8Array(3), Float64Array.from([1.5])]));
    expect(encoded.readDoubleLE(encoded.length - 32 - 8)).toBe(1.5);
    expect(encoded.length % 8).toBe(0);
  });
});

describe('a state is refused by its path', () => {
  class Kernel {
    source = '';
  }
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  test.each<[string, unknown, RegExp]>([
    ['a function', { rule: { kernel: () => 0 } }, /state\.rule\.kernel cannot be saved: it is a function/],
    ['a class instance', { rule: [new Kernel()] }, /state\.rule\[0\].*an instance of Kernel/],
    ['a Map', { streams: new Map() }, /state\.streams.*an instance of Map/],
    ['a Date', new Date(), /state cannot be saved.*Date/],
    ['undefined in an array', [1, undefined], /state\[1\].*undefined/],
    ['a hole in an array', new Array(2), /state\[0\].*undefined/],
    ['a BigInt', { 'a b': 1n }, /state\["a b"\].*bigint/],
    ['a symbol', [Symbol('x')], /state\[0\].*symbol/],
    ['a symbol as key', { [Symbol('x')]: 1 }, /state.*a symbol as key/],
    ['another array type', { a: new Int8Array(1) }, /state\.a.*Int8Array.*Legal: .*Float64Array/],
    ['a Buffer', { a: Buffer.alloc(1) }, /state\.a.*Buffer/],
    ['an ArrayBuffer', { a: new ArrayBuffer(1) }, /state\.a.*ArrayBuffer/],
    ['an object inside itself', loop, /state\.self.*holds it/],
    ['a tree too deep', Array.from({ length: 600 }).reduce((inner) => [inner], 0), /more than 500 levels/],
  ])('where it holds %s', (_, state, message) => {
    expect(() => encodeState(state)).toThrow(InputError);
    expect(() => encodeState(state)).toThrow(message);
  });
});

describe('an encoded state is refused', () => {
  test('where any single byte is flipped', () => {
    const whole = small();
    for (let i = 0; i < whole.length; i++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const broken = Uint8Array.from(whole);
        broken[i]! ^= mask;
        expect(() => decodeState(broken)).toThrow(CheckpointError);
      }
    }
  });

  test('where it is cut anywhere, as truncated', () => {
    const whole = small();
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeState(whole.subarray(0, length))).toThrow(/truncated/);
    }
  });

  test.each<[string, () => Uint8Array, RegExp]>([
    ['it starts otherwise', () => Buffer.from('PK\x03\x04 this is a zip file, surely'), /wrong magic/],
    [
      'it is of another version',
      () => Buffer.from('METAPLAST-STATE 12\n and more'),
      /version 12, .* reads version 1/,
    ],
    ['more follows it', () => Buffer.concat([small(), Buffer.alloc(1)]), /too long/],
    [
      'one of its numbers was changed',
      () => {
        const altered = Uint8Array.from(small());
        altered[altered.length - 40]! ^= 1;
        return altered;
      },
      /checksum .* does not match/,
    ],
    ['its manifest is no JSON', () => withManifest('{"phi":1,'), /manifest .* malformed/],
    [
      'its manifest names an unknown type',
      () => withManifest('{"$":["Map",0,1]}'),
      /malformed: unknown entry \["Map",0,1\]/,
    ],
    ['its manifest points outside', () => withManifest('{"$":["Uint8Array",0,1]}'), /malformed: .*outside/],
    [
      'its manifest has a negative place',
      () => withManifest('{"$":["Uint8Array",-1,1]}'),
      /malformed: .*whole numbers/,
    ],
  ])('where %s', (_, bytes, message) => {
    expect(() => decodeState(bytes())).toThrow(CheckpointError);
    expect(() => decodeState(bytes())).toThrow(message);
  });
});
