import type { AsyncScope } from './async-scope';

/** Browsers do not tell what a call has started: nothing is known to it. */
export const asyncScope = <Value>(): AsyncScope<Value> => ({
  run: (_, call) => call(),
  getStore: () => undefined,
});
