import { nextTurn } from './next-turn';

const longest = 20; // milliseconds: far below what a person notices, far above what a turn costs
let last = performance.now();

/** Lets the event loop turn, so that signals and timers are heard, whenever it was held up for long enough. */
export function yieldToEventLoop(): Promise<void> | void {
  if (performance.now() - last < longest) return;
  return new Promise((resolve) => {
    nextTurn(() => {
      last = performance.now();
      resolve();
    });
  });
}
