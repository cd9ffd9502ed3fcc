/** Asks for one thing at a time, and of those asked for meanwhile only for the last. */
export interface LatestWins<Key> {
  /** What has come before is forgotten where it was not begun. */
  want(key: Key): void;
  /** Nothing more is asked for, and what is on its way is not handed on. */
  stop(): void;
}

/**
 * Whoever drags a scrubber wants many rows and gets those that there is time for: each answer is shown, and then the row
 * that is wanted by then is asked for. Nothing is queued, and nothing on its way is cut off: else a quick hand would see
 * nothing until it rests.
 * @param ask Must not throw but by its promise.
 */
export function latestWins<Key, Answer>(
  ask: (key: Key) => Promise<Answer>,
  answered: (answer: Answer, key: Key) => void,
  failed: (error: unknown, key: Key) => void,
): LatestWins<Key> {
  let [busy, stopped] = [false, false];
  let next: { readonly key: Key } | null = null;
  async function work(): Promise<void> {
    busy = true;
    while (next !== null && !stopped) {
      const { key } = next;
      next = null;
      try {
        const answer = await ask(key);
        if (!stopped) answered(answer, key);
      } catch (error) {
        if (!stopped) failed(error, key);
      }
    }
    busy = false;
  }
  return {
    want(key) {
      next = { key };
      if (!busy) void work();
    },
    stop() {
      stopped = true;
    },
  };
}
