/** By this name Node asks a value how to show it; spelled out, since browsers, which have no `node:util`, load this too. */
export const shown: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** `inspect` of `node:util`, which Node hands to what it asks. */
export type Inspect = (value: unknown, options?: object) => string;
