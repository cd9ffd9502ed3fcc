import { InputError } from '../../core/errors';

/*
 * A state as JSON. What JSON lacks becomes an object with the one key `$`: `{"$":["number","NaN"]}`,
 * `{"$":["Float64Array",offset,length]}`. A real key made of dollar signs only gets one more, so none can be mistaken.
 */

const arrayTypes = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array };
type ArrayTypeName = keyof typeof arrayTypes;
/** An array that a state keeps bit by bit. */
type StateArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** Where an array's bytes go, counted from the first blob. */
export interface BlobReference {
  readonly offset: number;
  readonly array: StateArray;
}

const specialNumbers: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};
const legal =
  'plain objects, arrays, strings, booleans, null, numbers, Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array';
const deepest = 500;

function unsupported(path: string, is: string, advice?: string): InputError {
  return new InputError({ what: `${path} cannot be saved: it is ${is}`, legal, advice });
}

/** Judged by structure, not by `instanceof`, so that values from another realm (a worker, a test) count too. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

const join = (path: string, key: string) =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/** Sets an own property, `__proto__` included. */
function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/**
 * A state as a tree that JSON can hold.
 * @param place Takes each typed array and answers with its offset among the blobs, in bytes.
 * @throws InputError naming the path of a value that no state may hold.
 */
export function packTree(state: unknown, place: (array: StateArray) => number): unknown {
  const above = new Set<object>();

  const pack = (value: unknown, path: string): unknown => {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') {
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $: ['number', Object.is(value, -0) ? '-0' : String(value)] };
    }
    if (typeof value !== 'object')
      throw unsupported(path, value === undefined ? 'undefined' : `a ${typeof value}`);
    const type = value.constructor?.name ?? '';
    if (ArrayBuffer.isView(value)) {
      if (!Object.hasOwn(arrayTypes, type))
        throw unsupported(path, `a ${type}`, 'Copy it into a legal array type');
      return { $: [type, place(value as StateArray), (value as StateArray).length] };
    }
    if (above.has(value)) throw unsupported(path, 'a reference to something that holds it');
    if (above.size >= deepest) throw unsupported(path, `nested more than ${deepest} levels deep`);
    above.add(value);
    const packed = Array.isArray(value) ? packArray(value, path) : packObject(value, path, type);
    above.delete(value);
    return packed;
  };

  const packArray = (values: unknown[], path: string) =>
    Array.from(values, (entry, index) => pack(entry, `${path}[${index}]`));

  const packObject = (value: object, path: string, type: string) => {
    if (!isPlain(value))
      throw unsupported(path, `an instance of ${type}`, 'Save its fields as a plain object');
    if (Object.getOwnPropertySymbols(value).length > 0)
      throw unsupported(path, 'an object with a symbol as key');
    const packed: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(value)) {
      if (entry !== undefined) put(packed, /^\$+$/.test(key) ? `${key}$` : key, pack(entry, join(path, key)));
    }
    return packed;
  };

  return pack(state, 'state');
}

/**
 * The state that `packTree` was given.
 * @param blobs The bytes of all typed arrays; each array gets a copy of its own.
 * @throws Error where the tree is none that `packTree` makes.
 */
export function unpackTree(tree: unknown, blobs: Uint8Array): unknown {
  if (tree === null || typeof tree !== 'object') return tree;
  if (Array.isArray(tree)) return tree.map((entry) => unpackTree(entry, blobs));
  if (Object.hasOwn(tree, '$')) return unpackSpecial((tree as { $: unknown }).$, blobs);
  const state: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(tree)) {
    put(state, /^\$+$/.test(key) ? key.slice(1) : key, unpackTree(entry, blobs));
  }
  return state;
}

function unpackSpecial(special: unknown, blobs: Uint8Array): unknown {
  const [type, first, length] = Array.isArray(special) ? special : [];
  if (type === 'number' && Object.hasOwn(specialNumbers, first)) return specialNumbers[first];
  if (!Object.hasOwn(arrayTypes, type)) throw new Error(`unknown entry ${JSON.stringify(special)}`);
  const ArrayType = arrayTypes[type as ArrayTypeName];
  const bytes = length * ArrayType.BYTES_PER_ELEMENT;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(length) || first < 0 || length < 0) {
    throw new Error(`an array's place is no pair of whole numbers: ${JSON.stringify(special)}`);
  }
  if (first + bytes > blobs.length)
    throw new Error(`an array lies outside of the data: ${JSON.stringify(special)}`);
  const own = new Uint8Array(bytes);
  own.set(blobs.subarray(first, first + bytes));
  return new ArrayType(own.buffer);
}
