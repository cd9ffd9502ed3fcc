import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known to all that a call starts, however long it takes, and to nothing else. */
export interface AsyncScope<Value> {
  run<Result>(value: Value, call: () => Result): Result;
  /** Undefined outside of all calls. */
  getStore(): Value | undefined;
}

export const asyncScope = <Value>(): AsyncScope<Value> => new AsyncLocalStorage<Value>();
