type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

const isTyped = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/**
 * A copy of a state: a tree of plain objects, arrays, typed arrays and values. A large array is copied into the one that an earlier copy has
 * at its place: memory that is fresh from the system costs many times what copying does.
 * @param earlier A copy that nobody needs any more; its arrays may be written anew, and become the copy's own.
 */
export function copyState<State>(state: State, earlier?: unknown): State {
  return copyOf(state, earlier) as State;
}

function copyOf(value: unknown, earlier: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isTyped(value)) {
    if (!isAlike(value, earlier) || earlier.buffer === value.buffer) return value.slice();
    earlier.set(value);
    return earlier;
  }
  const old = (typeof earlier === 'object' && earlier !== null ? earlier : {}) as Record<string, unknown>;
  if (Array.isArray(value)) return value.map((entry, i) => copyOf(entry, old[i]));
  if (!isPlain(value)) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const part = copyOf(
      (value as Record<string, unknown>)[key],
      Object.hasOwn(old, key) ? old[key] : undefined,
    );
    // So that `__proto__` is a key as any other.
    Object.defineProperty(copy, key, { value: part, enumerable: true, writable: true, configurable: true });
  }
  return copy;
}

/** Judged by structure, so that values of another realm count too. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isAlike(value: TypedArray, earlier: unknown): earlier is TypedArray {
  return isTyped(earlier) && earlier.constructor === value.constructor && earlier.length === value.length;
}

/** Bytes of all arrays in a state, with 8 for each entry of those that are not typed. */
export function arrayBytes(state: unknown): number {
  if (typeof state !== 'object' || state === null) return 0;
  if (ArrayBuffer.isView(state)) return state.byteLength;
  let sum = Array.isArray(state) ? 8 * state.length : 0;
  for (const part of Array.isArray(state) ? state : Object.values(state)) sum += arrayBytes(part);
  return sum;
}
